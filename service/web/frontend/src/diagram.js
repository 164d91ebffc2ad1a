// The diagram beside a list of steps: marks where a casus stands, or draws the path that a case took.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { dutch } from "./dutch.js";
import { zoomButtons } from "./zoom.js";

const DONE = { stroke: "#1d6b45", fill: "#e3f1ea" };
const OPEN = { stroke: "#9a5b00", fill: "#fdf1d6" };
const READABLE = 0.6; // a whole drawing at this scale can be read
const SMALLEST = 0.4;
const LATE = { stroke: "#a62a17", fill: "#fae3dd" };

async function show(holder) {
  const message = holder.querySelector("[data-diagram-message]");
  try {
    const answer = await fetch(holder.dataset.diagram);
    if (!answer.ok) throw new Error(String(answer.status));
    const viewer = new NavigatedViewer({ container: holder, moddleExtensions: { zeebe }, additionalModules: [dutch] });
    await viewer.importXML(await answer.text());
    message.remove();
    return viewer;
  } catch {
    message.textContent = "Het schema kan nu niet worden getoond. De stappen staan in de lijst.";
    return null;
  }
}

const drawingOf = (viewer) => ({
  canvas: viewer.get("canvas"),
  registry: viewer.get("elementRegistry"),
  overlays: viewer.get("overlays"),
  graphics: viewer.get("graphicsFactory"),
});

/** Colours an element the way BPMN in Color does, so that arrowheads follow their line. */
function colour({ registry, graphics }, id, { stroke, fill }) {
  const element = registry.get(id);
  if (!element) return null;
  const isFlow = Boolean(element.waypoints);
  element.di.set("bioc:stroke", stroke);
  if (!isFlow) element.di.set("bioc:fill", fill);
  graphics.update(isFlow ? "connection" : "shape", element, registry.getGraphics(element));
  return element;
}

function number({ overlays }, element, words, kind) {
  const label = document.createElement("span");
  label.className = `s-number s-number--${kind}`;
  label.textContent = words;
  // Top left: boundary events sit at the bottom, and names in the middle.
  overlays.add(element.id, { position: { top: -15, left: -13 }, html: label });
}

function drawPath(viewer, path) {
  const drawing = drawingOf(viewer);
  path.flows.forEach((id) => colour(drawing, id, { stroke: DONE.stroke }));
  for (const [id, at] of Object.entries(path.numbers)) {
    const open = path.open.includes(id);
    const element = colour(drawing, id, open ? OPEN : DONE);
    if (!element) continue;
    if (open) drawing.canvas.addMarker(id, "s-open");
    const times = path.counts[id] ?? 0;
    number(drawing, element, times > 1 ? `${at} · ${times}×` : String(at), open ? "open" : "done");
  }
}

function markSteps(viewer, steps) {
  const drawing = drawingOf(viewer);
  const marked = [];
  for (const step of steps) {
    const element = drawing.registry.get(step.element);
    if (!element || step.state === "CANCELED") continue;
    const open = step.state === "CREATED";
    colour(drawing, element.id, open ? (step.late ? LATE : OPEN) : DONE);
    if (open) drawing.canvas.addMarker(element.id, "s-open");
    marked.push(element.id);
  }
  return marked;
}

/** Shows the part of the drawing that matters: around the marked shapes, never so small that nobody can read it. */
function fit(viewer, ids) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  const shapes = ids.map((id) => viewer.get("elementRegistry").get(id)).filter((element) => element && !element.waypoints);
  if (canvas.zoom() >= READABLE || shapes.length === 0) return;
  const left = Math.min(...shapes.map(({ x }) => x)) - 60;
  const top = Math.min(...shapes.map(({ y }) => y)) - 40;
  const width = Math.max(...shapes.map((shape) => shape.x + shape.width)) + 60 - left;
  const height = Math.max(...shapes.map((shape) => shape.y + shape.height)) + 40 - top;
  const { clientWidth, clientHeight } = canvas.getContainer();
  const scale = Math.min(Math.max(Math.min(clientWidth / width, clientHeight / height), SMALLEST), 1);
  canvas.viewbox({ x: left, y: top, width: clientWidth / scale, height: clientHeight / scale });
}

/** A row and its shape point at each other. */
function tie(viewer, story) {
  const { canvas, registry } = drawingOf(viewer);
  let picked = null;
  const pick = (id, { scroll }) => {
    if (picked && registry.get(picked)) canvas.removeMarker(picked, "s-picked");
    story.querySelectorAll(".s-fact--picked").forEach((row) => row.classList.remove("s-fact--picked"));
    picked = registry.get(id) ? id : null;
    if (!picked) return;
    canvas.addMarker(id, "s-picked");
    if (scroll === "diagram") canvas.scrollToElement(id);
    const rows = [...story.querySelectorAll("tr[data-element]")].filter((row) => row.dataset.element === id);
    rows.forEach((row) => row.classList.add("s-fact--picked"));
    if (scroll === "table") rows.find((row) => row.offsetParent)?.scrollIntoView({ block: "center" });
  };
  viewer.on("element.click", ({ element }) => pick((element.labelTarget ?? element).id, { scroll: "table" }));
  story.addEventListener("click", (event) => {
    const row = event.target.closest("tr[data-element]");
    if (row) pick(row.dataset.element, { scroll: "diagram" });
  });
}

function foldTechnicalFacts(story) {
  const box = story.querySelector("[data-technical]");
  if (!story.querySelector(".s-fact--technical")) return;
  story.querySelector("[data-technical-toggle]").hidden = false;
  const apply = () => story.toggleAttribute("data-hide-technical", !box.checked);
  box.addEventListener("change", apply);
  if (location.hash && document.querySelector(location.hash)?.classList.contains("s-fact--technical")) box.checked = true;
  apply();
}

async function open(holder) {
  if (holder.dataset.shown) return;
  holder.dataset.shown = "ja";
  const viewer = await show(holder);
  if (!viewer) return;
  const story = holder.closest("[data-story]");
  const path = holder.dataset.path && JSON.parse(holder.dataset.path);
  if (path) drawPath(viewer, path);
  const marked = path ? Object.keys(path.numbers) : markSteps(viewer, JSON.parse(holder.dataset.steps));
  fit(viewer, marked);
  zoomButtons(holder, viewer.get("canvas"), () => viewer.get("canvas").zoom("fit-viewport", "auto"));
  if (story) tie(viewer, story);
}

for (const story of document.querySelectorAll("[data-story]")) foldTechnicalFacts(story);
for (const holder of document.querySelectorAll("[data-diagram]")) {
  const folded = holder.closest("details");
  if (!folded || folded.open) open(holder);
  else folded.addEventListener("toggle", () => open(holder), { once: true });
}
