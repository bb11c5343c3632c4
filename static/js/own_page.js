// The reporter's own pages: everything here also works without this.

import "./own.js";
import { redraw } from "./redraw.js";

const LONG_EDGE = 2048; // pixels, as in the report form

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}

// On paper the QR code is what leads back here; browsers print a closed <details> closed.
window.addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll(".qr")) details.open = true;
  for (const picture of document.querySelectorAll(".qr img")) picture.loading = "eager";
});

/** Shares the public page of the ticket, never the secret link. */
async function share(button) {
  const url = new URL(button.dataset.share, location.origin).href;
  if (navigator.share) {
    await navigator.share({ title: button.dataset.title, url }).catch(() => {}); // closed without sharing
    return;
  }
  await navigator.clipboard?.writeText(url);
  button.querySelector("span").textContent = button.dataset.done;
  document.querySelector("[data-copied]").textContent = button.dataset.done;
}

for (const button of document.querySelectorAll("[data-share]")) {
  button.addEventListener("click", () => share(button));
}

/** Puts shrunk photos in the place of the chosen ones: a tenth of the bytes, and nothing of what the camera noted. */
async function shrinkChosen(input) {
  const chosen = [...input.files];
  const files = await Promise.all(chosen.map(async (file) => {
    const small = (await redraw(file, LONG_EDGE).catch(() => null)) || file;
    return new File([small], file.name, { type: small.type });
  }));
  if (chosen.some((file, at) => file !== input.files[at])) return; // others were chosen meanwhile
  const kept = new DataTransfer();
  for (const file of files) kept.items.add(file);
  input.files = kept.files;
}

const form = document.querySelector("form[data-add]");
const input = form?.querySelector("input[type=file]");
let shrinking = Promise.resolve();

input?.addEventListener("change", () => {
  const state = form.querySelector("[data-photo-state]");
  const names = [...input.files].map((file) => file.name).join(", ");
  state.textContent = names && input.dataset.shrinking;
  shrinking = shrinkChosen(input).catch(() => {}).finally(() => {
    state.textContent = names && state.dataset.chosen.replace("{names}", () => names);
  });
});

let isSending = false;

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  await shrinking;
  form.submit();
});

window.addEventListener("pageshow", () => { isSending = false; }); // somebody came back
