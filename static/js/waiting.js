// The page of a report that waits on this device: what it is, what happens to it, and its link that holds already.

import { listen } from "./outbox_news.js";
import { wire } from "./outbox_actions.js";
import { statusPath } from "./outbox_send.js";

const section = document.getElementById("waiting");

/** Shows the report in place of what the page said, and moves on to its status page once it has arrived. */
export function showWaiting(draft) {
  for (const other of section.parentElement.children) other.hidden = other !== section;
  document.title = section.dataset.title;
  say(draft);
  fill(draft);
  section.querySelector("h1").focus();
  scrollTo(0, 0);
  wire(draft, {
    send: section.querySelector("[data-send]"),
    edit: section.querySelector("[data-edit]"),
    discard: section.querySelector("[data-discard]"),
  });
  listen((news) => news.submission === draft.submission && hear(draft, news));
}

/** Only what is true now is seen: `network`, `server`, `failed`, `editing` or `newer`. */
function say({ state, reason, message }) {
  const wanted = state === "queued" ? reason || "network" : state;
  for (const part of section.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(wanted);
  section.querySelector("[data-message]").textContent = message || "";
}

function fill(draft) {
  const facts = {
    category: draft.category,
    photos: draft.photos.length || "",
    kept: new Date(draft.createdAt).toLocaleString(document.documentElement.lang.slice(0, 2), { dateStyle: "long", timeStyle: "short" }),
  };
  for (const [name, words] of Object.entries(facts)) {
    const place = section.querySelector(`[data-fact="${name}"]`);
    place.textContent = words;
    place.hidden = place.previousElementSibling.hidden = !words;
  }
  section.querySelector("#f-own-link").value = location.origin + statusPath(draft);
}

function hear(draft, { kind, path }) {
  if (kind === "sent") location.replace(path);
  if (kind === "gone") location.replace("/meine");
  if (kind === "failed") location.reload();
}

section.querySelector("[data-copy-link]").addEventListener("click", async ({ currentTarget: button }) => {
  const field = section.querySelector("#f-own-link");
  field.select();
  await navigator.clipboard?.writeText(field.value).catch(() => {});
  section.querySelector("[data-copied-link]").textContent = button.dataset.done;
});
