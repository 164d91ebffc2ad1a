// Warns before a session ends for lack of use, and lets somebody stay. Says nothing to the server by itself.
const WARN_MS = 3 * 60_000;
const LOOK_MS = 1_000;
const CONTACT = "sluitend:contact";

/** The page spoke with the server: the session lives on. Other tabs hear it too. */
export function contacted() {
  document.dispatchEvent(new Event(CONTACT));
}

export function watchIdle() {
  const dialog = document.querySelector("dialog[data-idle]");
  if (!dialog) return;
  const lives = Number(dialog.dataset.idle) * 1000;
  const tabs = new BroadcastChannel(CONTACT);
  let last = Date.now();
  let over = false;

  function spoken() {
    last = Date.now();
    if (dialog.open && !over) dialog.close();
  }

  function end() {
    over = true;
    for (const part of dialog.querySelectorAll("[data-idle-part]")) part.hidden = part.dataset.idlePart !== "over";
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[data-idle-again]").focus();
  }

  function look() {
    if (over) return;
    const left = lives - (Date.now() - last);
    if (left <= 0) end();
    else if (left <= WARN_MS) warn(left);
  }

  function warn(left) {
    const minutes = Math.max(1, Math.round(left / 60_000));
    const words = minutes === 1 ? "1 minuut" : `${minutes} minuten`;
    const told = dialog.querySelector("[data-idle-left]");
    if (told.textContent !== words) told.textContent = words;
    if (!dialog.open) dialog.showModal();
  }

  async function stay() {
    try {
      const answer = await fetch(dialog.dataset.stay, { method: "POST", body: new FormData(dialog.querySelector("form")) });
      if (answer.ok && !answer.redirected) contacted();
      else end();
    } catch {
      dialog.querySelector("[data-idle-wrong]").hidden = false;
    }
  }

  document.addEventListener(CONTACT, () => {
    spoken();
    tabs.postMessage("contact");
  });
  tabs.addEventListener("message", spoken);
  dialog.addEventListener("cancel", (event) => event.preventDefault()); // Escape must not hide that time runs out
  dialog.querySelector("[data-idle-stay]").addEventListener("click", stay);
  setInterval(look, LOOK_MS);
  tabs.postMessage("contact");
}
