// What the check found: a list in words, and the same as marks on the drawing.
const MARK = {
  fout: "s-number s-number--wrong",
  waarschuwing: "s-number s-number--warn",
  opmerking: "s-number s-number--note",
};
const KIND = { fout: "Fout", waarschuwing: "Let op", opmerking: "Opmerking" };
const SIGN = { fout: "!", waarschuwing: "?", opmerking: "i" };
const FAULTY = "s-faulty";

function line(className, words) {
  const paragraph = document.createElement("p");
  paragraph.className = className;
  paragraph.textContent = words;
  return paragraph;
}

/** Where a finding is: a shape to jump to, or another file of the process to open. */
function place(finding, { isDrawn, nameOf, filePage }) {
  const where = document.createElement(isDrawn(finding.element) ? "button" : "a");
  where.className = "s-finding__where";
  if (where.tagName === "BUTTON") Object.assign(where, { type: "button", textContent: nameOf(finding.element) }).dataset.goto = finding.element;
  else Object.assign(where, { href: filePage(finding.file), textContent: finding.file });
  return where;
}

function item(finding, page) {
  const entry = document.createElement("li");
  entry.className = `s-finding s-finding--${finding.severity}`;
  entry.dataset.element = finding.element;
  const kind = line("s-finding__kind", KIND[finding.severity] ?? finding.severity);
  if (page.isDrawn(finding.element) || finding.file) kind.append(place(finding, page));
  entry.append(kind, line("s-finding__reason", finding.reason));
  if (finding.remedy) entry.append(line("s-finding__remedy", finding.remedy));
  entry.append(line("s-finding__rule", `Regel: ${finding.rule}`));
  return entry;
}

function summary(findings) {
  const number = findings.filter((finding) => finding.severity !== "opmerking").length;
  if (number === 0) return findings.length ? "U kunt publiceren. Lees nog wat hieronder staat." : "Alles klopt. U kunt publiceren.";
  return `${number} ${number === 1 ? "punt vraagt" : "punten vragen"} aandacht. Los de fouten op voordat u publiceert.`;
}

export function findingsView(modeler, page) {
  const section = page.querySelector("[data-findings]");
  const list = page.querySelector("[data-findings-list]");
  const service = (name) => modeler.get(name);
  const isDrawn = (id) => Boolean(id && service("elementRegistry").get(id));
  const filePage = (file) => `/studio/${page.dataset.process}/bestanden/${file}`;
  const nameOf = (id) => service("elementRegistry").get(id)?.businessObject?.name || id;
  let marked = [];

  function goTo(id) {
    const element = service("elementRegistry").get(id);
    if (!element) return;
    page.querySelector("[data-modeler]").scrollIntoView({ block: "center" });
    service("canvas").scrollToElement(element);
    service("selection").select(element);
  }

  function clear() {
    service("overlays").remove({ type: "finding" });
    marked.forEach((id) => service("elementRegistry").get(id) && service("canvas").removeMarker(id, FAULTY));
    marked = [];
  }

  function mark(id, severity, words) {
    if (!service("elementRegistry").get(id)) return;
    const sign = document.createElement("span");
    sign.className = MARK[severity] ?? MARK.waarschuwing;
    sign.textContent = SIGN[severity] ?? "?";
    sign.title = words;
    service("overlays").add(id, "finding", { position: { top: -14, left: -8 }, html: sign });
    if (severity === "fout") service("canvas").addMarker(id, FAULTY);
    marked.push(id);
  }

  section.addEventListener("click", (event) => {
    const target = event.target.closest("[data-goto]");
    if (target) goTo(target.dataset.goto);
  });

  return {
    show(findings) {
      clear();
      const all = document.createElement("ul");
      all.className = "s-findings";
      all.append(...findings.map((finding) => item(finding, { isDrawn, nameOf, filePage })));
      list.replaceChildren(all);
      section.querySelector("[data-findings-summary]").textContent = summary(findings);
      findings.forEach((finding) => mark(finding.element, finding.severity, finding.reason));
      section.hidden = false;
      section.focus({ preventScroll: true });
      section.scrollIntoView({ block: "nearest" });
    },
    /** Marks what the server listed when the page came: after a refused publication. */
    markListed() {
      for (const entry of list.querySelectorAll(".s-finding")) {
        const severity = Object.keys(MARK).find((kind) => entry.classList.contains(`s-finding--${kind}`));
        mark(entry.dataset.element, severity, entry.querySelector(".s-finding__reason").textContent);
        const where = entry.querySelector("[data-goto]");
        if (where) where.textContent = nameOf(entry.dataset.element);
      }
    },
  };
}
