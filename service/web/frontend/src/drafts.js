// Keeps what somebody types: a few seconds after the last key the page sends its answers as a draft.
import { contacted } from "./idle.js";

const PAUSE_MS = 2500;

export function keepDrafts() {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const told = form.querySelector("[data-saved]");
  let timer = 0;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(form, told), PAUSE_MS);
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", () => clearTimeout(timer));
}

async function keep(form, told) {
  if (form.dataset.sent) return;
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    contacted();
    told.textContent = `Bewaard om ${(await answer.json()).bewaard}`;
  } catch {
    told.textContent = "Bewaren lukt nu niet. Wat u typte staat nog op deze pagina.";
  }
}
