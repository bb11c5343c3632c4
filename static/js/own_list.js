// The reports of this device: those that wait on top, then those that have arrived.

import "./badge.js";
import { dayOf, keepList, remembered } from "./device_list.js";
import { sayState, wire } from "./outbox_actions.js";
import { listen } from "./outbox_news.js";
import { hasStore, readDrafts } from "./outbox_store.js";

const unsent = document.getElementById("unsent-reports");
const list = document.getElementById("own-reports");
const shown = new Map();

async function showUnsent() {
  const drafts = (await hasStore()) ? await readDrafts() : [];
  const isGone = (submission) => drafts.every((draft) => draft.submission !== submission);
  const hadFocus = [...shown].some(([submission, card]) => isGone(submission) && card.contains(document.activeElement));
  const cards = drafts.reverse().map((draft) => {
    const card = shown.get(draft.submission) || newCard(draft);
    sayState(card, draft);
    shown.set(draft.submission, card);
    return card;
  });
  for (const submission of [...shown.keys()].filter(isGone)) {
    shown.get(submission).remove();
    shown.delete(submission);
  }
  unsent.hidden = cards.length === 0;
  const place = unsent.querySelector("ul");
  for (const card of cards) if (!card.isConnected) place.append(card);
  if (hadFocus) (unsent.hidden ? document.querySelector("main") : unsent.querySelector("h2")).focus();
}

function newCard(draft) {
  const card = document.importNode(document.getElementById("unsent-card").content, true).querySelector("li");
  const facts = card.querySelector("[data-facts]");
  const photos = draft.photos.length ? facts.dataset.photos.replace("{n}", draft.photos.length) : "";
  card.querySelector("h3").textContent = draft.category || unsent.querySelector("ul").dataset.nameless;
  facts.textContent = [dayOf(draft.createdAt), photos].filter(Boolean).join(" · ");
  wire(card, draft);
  return card;
}

function showArrived() {
  const reports = remembered();
  list.replaceChildren(...reports.map(arrivedCard));
  document.getElementById("own-empty").hidden = reports.length > 0 || !unsent.hidden;
}

function arrivedCard(report) {
  const item = document.createElement("li");
  item.className = "card";
  const link = document.createElement("a");
  link.href = report.path;
  link.className = "tap";
  link.textContent = list.dataset.number.replace("{n}", report.number);
  const words = document.createElement("p");
  words.textContent = [report.category, report.day].filter(Boolean).join(" · ");
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "button quiet";
  forget.textContent = list.dataset.forget;
  forget.addEventListener("click", () => {
    keepList(remembered().filter((other) => other.path !== report.path));
    showArrived();
  });
  const heading = document.createElement("h2");
  heading.append(link);
  item.append(heading, words, forget);
  return item;
}

async function show() {
  await showUnsent().catch(() => {}); // a private window keeps none
  showArrived();
}

listen(show);
window.addEventListener("storage", showArrived);
show();
