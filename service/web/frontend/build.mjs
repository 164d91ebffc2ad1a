// Builds src/ into ../static/dist: one entry per page, hashed names, manifest.json, notices. Deterministic: run it twice, get the same bytes.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, "..", "static", "dist"); // another folder: to compare
const modules = join(here, "node_modules");
const entries = ["site.css", "site.js", "diagram.css", "diagram.js", "studio.css", "studio.js"];
const fonts = [
  ...["400", "600", "700"].map((weight) => `noto-sans-latin-${weight}-normal.woff2`),
  ...["400", "700"].map((weight) => `noto-sans-latin-ext-${weight}-normal.woff2`),
];

/** Keeps the theme's custom properties that something uses, directly or through another: about a third of them. */
function prunedTheme(css) {
  const theme = readFileSync(join(modules, "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css"), "utf8");
  const declared = new Map([...theme.matchAll(/^\s+(--[\w-]+):\s*([^;]+);/gm)].map((found) => [found[1], found[2]]));
  const uses = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map((found) => found[1]);
  const wanted = new Set();
  const queue = uses(css);
  while (queue.length > 0) {
    const name = queue.pop();
    if (declared.has(name) && !wanted.has(name)) {
      wanted.add(name);
      queue.push(...uses(declared.get(name)));
    }
  }
  const kept = [...declared].filter(([name]) => wanted.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  return `.voorbeeld-theme {\n${kept.map(([name, value]) => `  ${name}: ${value};`).join("\n")}\n}\n`;
}

const sha = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 10);

function hashed(name, bytes) {
  const dot = name.lastIndexOf(".");
  return `${name.slice(0, dot)}-${sha(bytes)}${name.slice(dot)}`;
}

const manifest = {};
const inputs = new Set();

function emit(name, bytes) {
  const target = hashed(name, bytes);
  writeFileSync(join(out, target), bytes);
  manifest[name] = target;
  return target;
}

async function bundle(entry) {
  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: [join("src", entry)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: entry.endsWith(".js") ? "esm" : undefined,
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
    charset: "utf8",
    legalComments: "none",
    outdir: "unused",
    external: ["*.woff2"],
    loader: { ".woff": "dataurl", ".ttf": "dataurl", ".eot": "empty", ".svg": "dataurl", ".json": "json" },
    logLevel: "warning",
  });
  Object.keys(result.metafile.inputs).forEach((input) => inputs.add(input));
  return result.outputFiles.find((file) => file.path.endsWith(entry.endsWith(".css") ? ".css" : ".js")).text;
}

function noticeOf(folder) {
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const licence = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const terms = licence ? readFileSync(join(folder, licence), "utf8").trim() : "(the package holds no licence text)";
  const declared = typeof about.license === "string" ? about.license : JSON.stringify(about.license ?? "unknown");
  return `## ${about.name} ${about.version}\n\nLicence: ${declared}\n\n${terms.replaceAll("\r\n", "\n")}\n`;
}

function notices() {
  const packages = new Set();
  for (const input of inputs) {
    const found = input.match(/^(?:\.\.\/)*node_modules\/((?:@[^/]+\/)?[^/]+)\//);
    if (found) packages.add(found[1]);
  }
  packages.add("@fontsource/noto-sans");
  packages.add("@nl-design-system-unstable/voorbeeld-design-tokens");
  const texts = [...packages].sort().map((name) => noticeOf(join(modules, name)));
  return `# Third-party notices\n\nThe files in this folder contain code of these packages.\n\n${texts.join("\n")}`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const fontNames = new Map(fonts.map((name) => [name, emit(name, readFileSync(join(modules, "@fontsource/noto-sans/files", name)))]));
emit("mark.svg", readFileSync(join(here, "src", "mark.svg")));
for (const entry of entries) {
  let text = await bundle(entry);
  if (entry === "site.css") text = (await esbuild.transform(prunedTheme(text), { loader: "css", minify: true })).code + text;
  for (const [name, target] of fontNames) text = text.replaceAll(name, target);
  emit(entry, text);
}
writeFileSync(join(out, "THIRD-PARTY-NOTICES.md"), notices());
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, Object.keys(manifest).sort(), 2) + "\n");
for (const name of Object.keys(manifest)) console.log(`${basename(name).padEnd(40)} ${manifest[name]}`);
