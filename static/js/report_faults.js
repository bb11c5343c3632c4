// Says what is wrong where it can be put right: at the field, and in a list on top that leads there.

import { goTo, stepOf } from "./report_steps.js";

const form = document.getElementById("report");
// Faults at fields that have no input of their own are said where a person can do something about them.
const SAID_AT = {
  accuracy: "place", lat: "place", lon: "place", name: "description", "": "form",
  submission: "form", secret: "form", secret_hash: "form", language: "form", uploads: "photos",
};
const SHOWN_AT = { photos: "more-photos" };
const LED_TO = { place: "f-address", photos: "add-photo" };
const BEFORE = ["form", "place", "address", "category", "joins"];

const inputOf = (name) => document.getElementById(`f-${SHOWN_AT[name] || name}`);

/** Says what is missing under a step's heading, or right before `place`; nothing to say takes it away. */
export function fault(step, words, place) {
  step.querySelector(".error.here")?.remove();
  if (!words) return;
  const line = element("p", "error here", words);
  line.setAttribute("role", "alert");
  if (place) place.before(line);
  else step.querySelector("h2").after(line);
  line.scrollIntoView({ block: "nearest" });
}

/** Puts sentences (by field) beside their fields and into a summary on top, and leads to the first of them. */
export function showFaults(fields, message = "") {
  clearFaults();
  const faults = inOrder(saidAt(Object.keys(fields).length ? fields : { form: message }));
  for (const [name, words] of faults) markField(name, words);
  const summary = summaryOf(faults);
  form.prepend(summary);
  const first = stepOf(inputOf(faults[0][0]));
  if (first) goTo(first);
  document.title = `${form.dataset.error} ${document.title.replace(`${form.dataset.error} `, "")}`;
  summary.focus();
}

/** Takes all of it away again. */
export function clearFaults() {
  document.getElementById("errors")?.remove();
  for (const line of form.querySelectorAll(".error[data-field]")) line.remove();
  for (const field of form.querySelectorAll(".field.faulty")) unmark(field);
  document.title = document.title.replace(`${form.dataset.error} `, "");
}

/** A field that is being changed no longer says what was wrong with it; the summary stays until the next try. */
export function watchFaults() {
  form.addEventListener("input", ({ target }) => {
    const field = target.closest(".field.faulty");
    if (field) unmark(field);
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest("#errors a");
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    if (stepOf(target)) goTo(stepOf(target));
    target.focus();
    target.scrollIntoView({ block: "center" });
  });
}

function unmark(field) {
  field.classList.remove("faulty");
  field.querySelector(":scope .error:not(#photo-problem, .here)")?.remove();
  for (const input of field.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

/** Two faults of one place become one line. */
function saidAt(fields) {
  const said = {};
  for (const [name, words] of Object.entries(fields)) {
    const at = SAID_AT[name] ?? (inputOf(name) ? name : "form");
    if (words && !said[at]?.includes(words)) said[at] = [said[at], words].filter(Boolean).join(" ");
  }
  return said;
}

/** As the fields stand in the form; what has no field comes first. */
function inOrder(said) {
  const inputs = [...form.querySelectorAll("[id]")];
  const position = (name) => (BEFORE.includes(name) ? BEFORE.indexOf(name) - BEFORE.length : inputs.indexOf(inputOf(name)));
  return Object.entries(said).sort(([one], [other]) => position(one) - position(other));
}

function markField(name, words) {
  const input = inputOf(name);
  const field = input?.closest(".field");
  if (!field) return;
  field.classList.add("faulty");
  const line = element("p", "error", words);
  line.id = `e-${name}`;
  line.dataset.field = name;
  const isText = input.matches("input:not([type=radio], [type=checkbox]), textarea");
  const before = isText ? input : field.querySelector(":scope > .choices");
  if (before) before.before(line);
  else field.prepend(line);
  if (!isText) return;
  input.setAttribute("aria-invalid", "true");
  const described = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== line.id);
  input.setAttribute("aria-describedby", [...described, line.id].join(" "));
}

function summaryOf(faults) {
  const box = element("div", "error-summary");
  box.id = "errors";
  box.setAttribute("role", "alert");
  box.tabIndex = -1;
  const list = document.createElement("ul");
  for (const [name, words] of faults) {
    const item = document.createElement("li");
    const line = element(inputOf(name) ? "a" : "p", "", `${questionOf(name)}${words}`);
    if (line.matches("a")) line.href = `#${LED_TO[name] || `f-${name}`}`;
    item.append(line);
    list.append(item);
  }
  box.append(element("h2", "", form.dataset.check), list);
  return box;
}

/** Many questions have the same fault: the summary names the question. */
function questionOf(name) {
  if (!name.startsWith("answer-")) return "";
  const words = inputOf(name)?.closest(".field")?.querySelector("legend, label");
  return words ? `${words.firstChild.textContent.trim()} ` : "";
}

function element(name, className, words = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = words;
  return made;
}
