// The modeler of the studio: opens the concept, keeps it, checks it and shows what the check found on the drawing.
import Modeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import behaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { dutch } from "./dutch.js";
import { findingsView } from "./findings.js";
import { ownGroups } from "./panel.js";
import { zoomButtons } from "./zoom.js";

const page = document.querySelector("[data-studio]");
const part = (name) => page.querySelector(`[data-${name}]`);
const base = `/studio/${encodeURIComponent(page.dataset.process)}`;
let changed = false;

const modeler = new Modeler({
  container: part("canvas"),
  propertiesPanel: { parent: part("panel"), feelPopupContainer: part("modeler") },
  additionalModules: [
    BpmnPropertiesPanelModule,
    BpmnPropertiesProviderModule,
    ZeebePropertiesProviderModule,
    behaviors,
    ownGroups(JSON.parse(page.dataset.forms)),
    dutch,
  ],
  moddleExtensions: { zeebe },
});
const findings = findingsView(modeler, page);

function tell(words, wrong = false) {
  const status = part("status");
  status.textContent = words;
  status.classList.toggle("s-saved--wrong", wrong);
}

async function send(path, fields) {
  const body = new URLSearchParams({ csrf_token: page.dataset.csrf, ...fields });
  const answer = await fetch(`${base}/${path}`, { method: "POST", body, headers: { Accept: "application/json" } });
  const json = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw Object.assign(new Error(json.melding ?? "Dat lukte niet. Uw tekening staat nog op deze pagina."), json);
  return json;
}

const drawing = async () => (await modeler.saveXML({ format: true })).xml;

async function save() {
  const saved = await send("concept", { bpmn: await drawing(), revision: page.dataset.revision });
  page.dataset.revision = part("revision-field").value = saved.revision;
  changed = false;
  tell(`Concept bewaard om ${saved.bewaard}`);
}

async function check() {
  const { bevindingen } = await send("controle", { bpmn: await drawing() });
  findings.show(bevindingen);
  tell(bevindingen.length ? "" : "De controle vond niets.");
}

/** Runs one action; a refusal is told in words beside the buttons. */
const attempt = (action) => async () => {
  tell("Even geduld…");
  try {
    await action();
  } catch (error) {
    if (error.bevindingen) findings.show(error.bevindingen);
    tell(error.message, true);
  }
};

function wire() {
  part("save").hidden = false;
  part("save").addEventListener("click", attempt(save));
  part("check").closest("form").addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(check)();
  });
  part("publish").addEventListener("submit", (event) => {
    if (!changed) return;
    event.preventDefault();
    const form = event.target;
    attempt(async () => {
      await save();
      form.submit();
    })();
  });
  modeler.on("commandStack.changed", () => {
    changed = true;
    tell("Nog niet bewaard");
  });
  addEventListener("beforeunload", (event) => changed && event.preventDefault());
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      attempt(save)();
    }
  });
}

/** Fits the drawing in what the palette leaves free. */
function fitBesidePalette(canvas) {
  const { inner, outer } = canvas.viewbox();
  const room = { left: 120, right: 30, top: 30, bottom: 60 };
  const scale = Math.min((outer.width - room.left - room.right) / inner.width, (outer.height - room.top - room.bottom) / inner.height, 1);
  const freeHeight = outer.height / scale;
  canvas.viewbox({ x: inner.x - room.left / scale, y: inner.y - (freeHeight - inner.height) / 2, width: outer.width / scale, height: freeHeight });
}

async function open() {
  part("modeler").hidden = false;
  try {
    const answer = await fetch(`${base}/schema.bpmn`);
    await modeler.importXML(await answer.text());
  } catch (error) {
    part("modeler").hidden = true;
    tell("Dit schema kan niet worden getekend. Herstel de tekst bij Formulieren en bestanden.", true);
    console.info(error);
    return;
  }
  fitBesidePalette(modeler.get("canvas"));
  zoomButtons(part("canvas"), modeler.get("canvas"), () => fitBesidePalette(modeler.get("canvas")));
  wire();
  findings.markListed();
  page.dataset.ready = "ja";
}

page.modeler = modeler; // for the browser tests
open();
