// What may be the same matter nearby: cards with a button each, before anything is sent twice.
// Choosing puts the ticket's number into the form's hidden field `joins` and dispatches "nearbychosen" on the form.

import { icon } from "./map.js";

const PATIENCE_MS = 1500; // nobody stands in the rain and waits for a hint
const SHAPES = { accepted: "work", in_progress: "work" };
const section = document.getElementById("nearby");

/** Looks for tickets near the chosen place; true when there is something to ask about. Never rejects. */
export async function fetchNearby(form) {
  choose(form, "");
  const hints = await ask(form).catch(() => []);
  section.querySelector(".nearby-cards").replaceChildren(...hints.map((hint) => card(form, hint)));
  if (hints.length) delete section.dataset.empty;
  else section.dataset.empty = "";
  return hints.length > 0;
}

async function ask(form) {
  const { lat, lon, accuracy, category, description } = Object.fromEntries(new FormData(form));
  if (!lat || !lon || !category) return [];
  const words = new URLSearchParams({ lat, lon, category });
  if (accuracy) words.set("accuracy", accuracy);
  if (description?.trim()) words.set("text", description.trim().slice(0, 300));
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(`${section.dataset.source}?${words}`, { signal: patience.signal });
    return answer.ok ? await answer.json() : [];
  } finally {
    clearTimeout(timer);
  }
}

/** It is something else: a report of its own. */
export function chooseOther(form) {
  choose(form, "");
  return true;
}

function choose(form, joins) {
  form.elements.joins.value = joins;
  for (const button of section.querySelectorAll("button[data-joins]")) {
    button.setAttribute("aria-pressed", String(button.dataset.joins === joins));
  }
}

function card(form, hint) {
  const item = element("li", "card nearby-card");
  item.dataset.number = hint.number;
  const name = element("h3", "", hint.category_name);
  name.id = `nearby-${hint.number}`;
  const words = element("div");
  words.append(name, status(hint));
  if (hint.text) words.append(element("p", "excerpt", hint.text));
  const distance = hint.distance ? section.dataset.distance.replace("{metres}", hint.distance) : section.dataset.here;
  const facts = [distance, hint.age_words, hint.affected_words].filter(Boolean).join(" · ");
  words.append(element("p", "soft small", facts));
  item.append(...picture(hint), words, button(form, String(hint.number), name.id));
  return item;
}

function picture(hint) {
  if (hint.photo) {
    const image = element("img");
    image.alt = "";
    image.width = image.height = 96;
    image.src = hint.photo;
    return [image];
  }
  if (!hint.photo_waits) return [];
  const waiting = element("p", "photo-waiting small");
  waiting.append(icon("hourglass"), ` ${section.dataset.waiting}`);
  return [waiting];
}

function status(hint) {
  const line = element("p");
  const badge = element("span", `status status-${hint.status}`);
  badge.append(icon(`status-${SHAPES[hint.status] || hint.status}`), hint.status_words);
  line.append(badge);
  return line;
}

function button(form, joins, nameId) {
  const line = element("p", "choose");
  const made = element("button", "button primary full", section.dataset.this);
  made.type = "button";
  made.dataset.joins = joins;
  made.setAttribute("aria-describedby", nameId);
  made.addEventListener("click", () => {
    choose(form, joins);
    form.dispatchEvent(new CustomEvent("nearbychosen", { detail: { joins } }));
  });
  line.append(made);
  return line;
}

function element(name, className = "", words = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (words) made.textContent = words;
  return made;
}

/** Turns the choices that the server may have written into buttons, and keeps the choice in one hidden field. */
function adopt(form) {
  const chosen = section.querySelector('input[name="joins"]:checked')?.value || "";
  for (const { dataset, lastElementChild: line } of section.querySelectorAll(".nearby-card")) {
    line.replaceWith(button(form, dataset.number, `nearby-${dataset.number}`));
  }
  section.querySelector(".other-choice").remove(); // the button below the step says the same
  const hidden = element("input");
  hidden.type = "hidden";
  hidden.name = "joins";
  section.append(hidden);
  choose(form, chosen);
}

if (section) adopt(section.closest("form"));
