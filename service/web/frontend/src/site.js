// Comfort for the pages: focus on what is wrong, drafts kept while typing, no double send. Everything works without it.
import { keepDrafts } from "./drafts.js";
import { watchIdle } from "./idle.js";

function focusOnWhatMatters() {
  const target = document.querySelector("[data-focus]");
  if (target) {
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "start" });
  }
}

/** A link of the error summary leads to the question itself, not only to its place on the page. */
function followErrorLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".s-errors a[href^='#']");
    const target = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const control = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea") ?? target;
    (target.closest(".s-field") ?? target).scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });
}

function sendOnce() {
  for (const form of document.querySelectorAll("form[data-form]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "ja";
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  }
  addEventListener("pageshow", () => document.querySelectorAll("form[data-form]").forEach((form) => delete form.dataset.sent));
}

/** The account panel closes when somebody clicks beside it or presses Escape. */
function closeAccount() {
  const account = document.querySelector(".s-account");
  if (!account) return;
  document.addEventListener("click", (event) => account.contains(event.target) || account.removeAttribute("open"));
  account.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      account.removeAttribute("open");
      account.querySelector("summary").focus();
    }
  });
}

focusOnWhatMatters();
followErrorLinks();
sendOnce();
closeAccount();
keepDrafts();
watchIdle();
