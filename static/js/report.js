// Makes the one long form into one question a screen. Without this file the form works all the same.

import { fetchDocument } from "./documents.js";
import { countPhotos, dropPhotos, watchPhotos } from "./report_photos.js";
import { hasPlace, hasPoint, locate, sayPlaceIsMissing, showPlace } from "./report_place.js";
import { searchCategories } from "./report_suggest.js";

const form = document.getElementById("report");
const steps = [...form.querySelectorAll(".step")];
const questions = document.getElementById("questions");
const count = document.getElementById("step-count");
const next = document.getElementById("next");
const back = document.getElementById("back");
const send = document.getElementById("send");
const COUNTED = ["photo", "place", "category", "more"]; // the questions belong to the category's step
let current = steps[0];

const shown = () => steps.filter((step) => !("empty" in step.dataset));

function show(step, { focus = true } = {}) {
  current = step;
  for (const other of steps) other.hidden = other !== step;
  const name = step.dataset.step;
  const position = COUNTED.indexOf(name === "questions" ? "category" : name) + 1;
  count.textContent = count.dataset.words.replace("{step}", position).replace("{all}", COUNTED.length);
  const isLast = step === shown().at(-1);
  const isFirst = step === steps[0];
  next.hidden = isLast;
  send.hidden = !isLast;
  back.hidden = isFirst;
  nameNext();
  if (name === "place") showPlace();
  if (name === "more") summarise();
  if (focus) {
    step.querySelector("h2").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function nameNext() {
  const name = current.dataset.step;
  const words = { photo: countPhotos() ? "withPhoto" : "withoutPhoto", place: "place" };
  next.textContent = next.dataset[words[name] || "next"];
  next.classList.toggle("primary", name !== "photo" || countPhotos() > 0);
}

function category() {
  return form.querySelector('input[name="category"]:checked, input[name="category"][type="hidden"]');
}

/** Fetches what the chosen category asks; the server renders it, so that both ways ask the same. */
async function fetchQuestions() {
  const key = category().value;
  if (questions.dataset.for === key) return;
  const page = await fetchDocument(questions.closest("form").dataset.questions + encodeURIComponent(key));
  const fresh = document.importNode(page.getElementById("questions"), true);
  const kept = new FormData(form);
  questions.querySelector(".questions").replaceWith(fresh.querySelector(".questions"));
  questions.querySelector("h2").textContent = fresh.querySelector("h2").textContent;
  questions.dataset.for = key;
  questions.dataset.photos = fresh.dataset.photos;
  if ("empty" in fresh.dataset) questions.dataset.empty = "";
  else delete questions.dataset.empty;
  refill(kept);
  watchStop();
}

/** Answers to questions that both categories ask stay. */
function refill(kept) {
  for (const input of questions.querySelectorAll("input")) {
    const values = kept.getAll(input.name);
    if (input.type === "text") input.value = values[0] || "";
    else if (input.name !== "emergency") input.checked = values.includes(input.value);
  }
}

/** The emergency step shows where an answer makes it count. */
function watchStop() {
  const stop = questions.querySelector("[data-stop]");
  if (!stop) return;
  const onlyIf = JSON.parse(stop.dataset.onlyIf || "{}");
  const chosen = new FormData(form);
  const counts = Object.entries(onlyIf).some(([key, options]) =>
    chosen.getAll(`answer-${key}`).some((answer) => options.includes(answer)));
  stop.hidden = Object.keys(onlyIf).length > 0 && !counts;
}

/** Says what is missing under a step's heading, or right before `place`; nothing to say takes it away. */
function fault(step, words, place) {
  step.querySelector(".error.here")?.remove();
  if (!words) return;
  const line = document.createElement("p");
  line.className = "error here";
  line.setAttribute("role", "alert");
  line.textContent = words;
  if (place) place.before(line);
  else step.querySelector("h2").after(line);
  line.scrollIntoView({ block: "nearest" });
}

const mayLeave = {
  place: () => hasPlace() || void sayPlaceIsMissing(),
  category: async () => {
    if (!category()) {
      fault(current, questions.dataset.choose);
      return false;
    }
    fault(current, "");
    await fetchQuestions().catch(() => {});
    if (Number(questions.dataset.photos) === 0 && countPhotos()) {
      fault(questions, questions.dataset.noPhotos);
      delete questions.dataset.empty;
      dropPhotos();
    } else {
      fault(questions, "");
    }
    return true;
  },
  questions: () => {
    const stop = questions.querySelector("[data-stop]:not([hidden])");
    const isOpen = stop && !stop.querySelector("input:checked");
    if (isOpen) {
      fault(questions, questions.dataset.required, stop.querySelector(".choices"));
      stop.querySelector("input").focus();
    } else {
      fault(questions, "");
    }
    return !isOpen;
  },
};

async function forward() {
  const leave = mayLeave[current.dataset.step];
  if (leave && !(await leave())) return;
  const following = shown()[shown().indexOf(current) + 1];
  history.pushState({ step: following.dataset.step }, "");
  show(following);
}

function summarise() {
  const list = document.getElementById("summary");
  const place = form.elements.address.value.trim() || (hasPoint() ? list.dataset.onMap : "");
  const chosen = category();
  const name = chosen?.closest("label")?.textContent.trim() || questions.querySelector("h2").textContent;
  const lines = [[list.dataset.photo, countPhotos() || ""], [list.dataset.place, place], [list.dataset.category, chosen ? name : ""]];
  list.hidden = false;
  list.replaceChildren(...lines.filter(([, words]) => words).flatMap(([title, words]) => {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = title;
    description.textContent = words;
    return [term, description];
  }));
}

function stepOf(element) {
  return element?.closest(".step");
}

function start() {
  for (const element of form.querySelectorAll("button[name=step]")) element.remove();
  next.addEventListener("click", forward);
  back.addEventListener("click", () => history.back());
  window.addEventListener("popstate", ({ state }) => {
    show(steps.find((step) => step.dataset.step === state?.step) || steps[0]);
  });
  form.addEventListener("change", watchStop);
  form.addEventListener("change", () => fault(current, ""));
  form.addEventListener("submit", (event) => {
    if (send.hidden) {
      event.preventDefault();
      forward();
      return;
    }
    send.disabled = true;
    send.textContent = send.dataset.sending;
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    send.disabled = false;
    if (persisted) send.textContent = send.dataset.words; // back from the next page
  });
  watchPhotos(() => locate({ isWish: false }), nameNext);
  searchCategories(form);
  watchStop();
  begin();
}

/** The first step, or the first one that the server found a fault in. */
function begin() {
  const summary = document.getElementById("errors");
  const first = [...(summary?.querySelectorAll("a") || [])]
    .map((link) => stepOf(document.getElementById(link.hash.slice(1)))).find(Boolean);
  history.replaceState({ step: (first || steps[0]).dataset.step }, "");
  show(first || steps[0], { focus: false });
  summary?.addEventListener("click", (event) => {
    const target = document.getElementById(event.target.hash?.slice(1));
    const step = stepOf(target);
    if (!step) return;
    event.preventDefault();
    if (step !== current) {
      history.pushState({ step: step.dataset.step }, "");
      show(step);
    }
    target.focus();
  });
  summary?.focus();
}

start();
