// What the chosen category asks. The server writes it, so that the form asks the same with and without scripts.

import { fetchDocument } from "./documents.js";

const form = document.getElementById("report");
const step = document.getElementById("questions");
const more = document.getElementById("more-questions");
let all; // the document with the questions of every category

/** The input of the chosen category, or null. */
export function chosenCategory() {
  return form.querySelector('input[name="category"]:checked, input[name="category"][type="hidden"]');
}

/** What the chosen category is called. */
export function categoryWords() {
  const chosen = chosenCategory();
  return (chosen?.closest("label") || form.querySelector(".chosen-category"))?.textContent.trim() || "";
}

/** Fetches the questions of all categories once, ahead of need. */
export function fetchAllQuestions() {
  all ??= fetchDocument(form.dataset.questions).catch((error) => {
    all = undefined;
    throw error;
  });
  return all;
}

/** Puts the chosen category's questions into the form. Rejects without network; then none are asked here. */
export async function fetchQuestions() {
  const { value: key } = chosenCategory();
  if (step.dataset.for === key) return;
  const kept = new FormData(form);
  replaceQuestions(document.createElement("div"), { key: "", photos: form.dataset.mostPhotos });
  const page = await fetchAllQuestions();
  const found = page.querySelector(`[data-for="${CSS.escape(key)}"]`);
  if (chosenCategory()?.value !== key) return;
  const fresh = found?.content.querySelector(".questions");
  if (fresh) replaceQuestions(document.importNode(fresh, true), { key, photos: found.dataset.photos });
  step.querySelector("h2").textContent = categoryWords();
  refill(kept);
  watchStop();
}

function replaceQuestions(fresh, { key, photos }) {
  fresh.className = "questions";
  form.querySelector(".questions").replaceWith(fresh);
  step.dataset.for = key;
  step.dataset.photos = photos;
  placeQuestions();
}

/** What must be answered has a step of its own; what may be is asked on the last page, and costs no tap. */
export function placeQuestions() {
  const questions = form.querySelector(".questions");
  const isNeeded = questions.querySelector("[data-stop], [data-required]") !== null;
  (isNeeded ? step : more).append(questions);
  if (isNeeded) delete step.dataset.empty;
  else step.dataset.empty = "";
}

/** Answers to questions that both categories ask stay, and those of a draft come back. */
function refill(kept) {
  const restored = form.querySelector("[data-restored]");
  for (const input of form.querySelectorAll(".questions input")) {
    const values = kept.getAll(input.name);
    if (input.type === "text") input.value = values[0] || "";
    else if (input.name !== "emergency" || restored?.querySelector('[name="emergency"]')) {
      input.checked = values.includes(input.value);
    }
  }
  for (const input of restored?.querySelectorAll("input") || []) {
    if (form.querySelector(`.questions [name="${CSS.escape(input.name)}"]`)) input.remove();
  }
}

/** The emergency step shows where an answer makes it count. */
export function watchStop() {
  const stop = form.querySelector("[data-stop]");
  if (!stop) return;
  const onlyIf = JSON.parse(stop.dataset.onlyIf || "{}");
  const chosen = new FormData(form);
  const counts = Object.entries(onlyIf).some(([key, options]) =>
    chosen.getAll(`answer-${key}`).some((answer) => options.includes(answer)));
  stop.hidden = Object.keys(onlyIf).length > 0 && !counts;
}

/** The stop if it has to be answered and is not, else null. */
export function openStop() {
  const stop = form.querySelector("[data-stop]:not([hidden])");
  return stop && !stop.querySelector("input:checked") ? stop : null;
}

/** The names of required questions without an answer. */
export function unanswered() {
  const given = new FormData(form);
  const names = [...form.querySelectorAll(".questions [data-required]")].map((field) => field.dataset.required);
  return names.filter((name) => !given.getAll(name).some((answer) => answer.trim()));
}
