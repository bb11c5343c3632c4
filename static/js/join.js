// "Betrifft mich auch" counts a device once: what it sends is drawn once and kept here, and nowhere else.

import { remembered } from "./device_list.js";

const KEY = "joining";
const section = document.querySelector("[data-join]");
const number = section.dataset.join;
const form = section.querySelector("form");

function kept() {
  try {
    const all = JSON.parse(localStorage.getItem(KEY) || "{}");
    return all && typeof all === "object" ? all : {};
  } catch {
    return {};
  }
}

/** The same id and secret for every try, so that a lost answer or a second tap joins no second time. */
function identity() {
  const all = kept();
  if (!all[number]) {
    const letters = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))));
    const secret = letters.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    all[number] = { submission: crypto.randomUUID(), secret };
  }
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Private windows keep nothing; then this page alone counts once.
  }
  return all[number];
}

/** Whoever reported or joined from this device is led to their own page instead. */
function showJoined() {
  const own = remembered().find((report) => String(report.number) === number);
  section.querySelector("[data-joined]").hidden = !own;
  form.hidden = Boolean(own);
  if (own) section.querySelector("[data-joined] a").href = own.path;
}

form.addEventListener("submit", () => {
  if (!crypto.randomUUID) return; // without https: the page's own values serve
  const { submission, secret } = identity();
  form.elements.submission.value = submission;
  form.elements.secret.value = secret;
});
window.addEventListener("pageshow", showJoined);
