// The page of a report that waits on this device: what it is, what happens to it, and its link that holds already.

import { listen } from "./outbox_news.js";
import { sayState, wire } from "./outbox_actions.js";
import { statusPath } from "./outbox_send.js";

const MOMENT = { dateStyle: "long", timeStyle: "short" };

/** Shows the report in place of what the page said, and moves on to its status page once it has arrived. */
export function showWaiting(draft) {
  const copy = document.importNode(document.getElementById("waiting").content, true);
  const section = copy.querySelector(".waiting");
  fill(section, draft);
  sayState(section, draft);
  wire(section, draft);
  copyLink(section);
  document.querySelector("main").replaceChildren(copy);
  document.title = section.dataset.title;
  section.querySelector("h1").focus();
  scrollTo(0, 0);
  listen((news) => news.submission === draft.submission && hear(section, draft, news));
}

function fill(section, draft) {
  const facts = {
    category: draft.category,
    photos: draft.photos.length || "",
    kept: new Date(draft.createdAt).toLocaleString(document.documentElement.lang.slice(0, 2), MOMENT),
  };
  for (const [name, words] of Object.entries(facts)) {
    const place = section.querySelector(`[data-fact="${name}"]`);
    place.textContent = words;
    place.hidden = place.previousElementSibling.hidden = !words;
  }
  section.querySelector("#f-own-link").value = location.origin + statusPath(draft);
}

function copyLink(section) {
  const field = section.querySelector("#f-own-link");
  section.querySelector("[data-copy-link]").addEventListener("click", async ({ currentTarget: button }) => {
    field.select();
    await navigator.clipboard?.writeText(field.value).catch(() => {});
    section.querySelector("[data-copied-link]").textContent = button.dataset.done;
  });
}

function hear(section, draft, { kind, path, outcome }) {
  if (kind === "sent") location.replace(path);
  else if (kind === "gone") location.replace("/meine");
  else if (outcome) sayState(section, { ...draft, ...outcome });
}
