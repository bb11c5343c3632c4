// One question a screen: which step is shown, what the buttons below it say, and the browser's own way back.

import { countPhotos } from "./report_photos.js";

const form = document.getElementById("report");
const steps = [...form.querySelectorAll(".step")];
const count = document.getElementById("step-count");
const next = document.getElementById("next");
const back = document.getElementById("back");
const send = document.getElementById("send");
const COUNTED = ["photo", "place", "category", "more"];
const PART_OF = { nearby: "category", questions: "category" }; // asked only where needed, so not counted
let current = steps[0];
let isLeaving = false;

/** The step that is on the screen. */
export const shownStep = () => current;

/** The step that an element belongs to. */
export const stepOf = (element) => element?.closest(".step");

/** The step of this name. */
export const stepNamed = (name) => steps.find((step) => step.dataset.step === name);

const inTurn = () => steps.filter((step) => !("empty" in step.dataset));

/** Puts a step on the screen; the form hears of it by "stepshown". */
export function show(step, { focus = true } = {}) {
  current = step;
  const name = step.dataset.step;
  for (const other of steps) other.hidden = other !== step;
  form.dispatchEvent(new CustomEvent("stepshown", { detail: { name } }));
  const position = COUNTED.indexOf(PART_OF[name] || name) + 1;
  count.textContent = count.dataset.words.replace("{step}", position).replace("{all}", COUNTED.length);
  const isLast = step === inTurn().at(-1);
  next.hidden = isLast;
  send.hidden = !isLast;
  back.hidden = step === steps[0];
  nameNext();
  if (!focus) return;
  step.querySelector("h2").focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** The button says where it leads. */
export function nameNext() {
  const name = current.dataset.step;
  const words = { photo: countPhotos() ? "withPhoto" : "withoutPhoto", place: "place", nearby: "nearby" };
  next.textContent = next.dataset[words[name] || "next"];
  next.classList.toggle("primary", name !== "nearby" && (name !== "photo" || countPhotos() > 0));
}

/** Goes to a step so that the browser's back button leads here again. */
export function goTo(step) {
  if (step === current) return;
  history.pushState({ step: step.dataset.step, depth: depth() + 1 }, "");
  show(step);
}

/** How many steps of ours lie before this one in the browser's history. */
const depth = () => history.state?.depth || 0;

function goBack() {
  if (depth() > 0) {
    history.back();
    return;
  }
  const before = inTurn()[inTurn().indexOf(current) - 1] || steps[0];
  history.replaceState({ step: before.dataset.step, depth: 0 }, "");
  show(before);
}

/** On to the next step, if nothing is missing in this one; a second tap meanwhile does nothing. */
export async function forward(mayLeave) {
  if (isLeaving) return;
  const left = current;
  isLeaving = true;
  next.setAttribute("aria-busy", "true");
  try {
    const ask = mayLeave[left.dataset.step];
    const isFine = !ask || (await ask());
    if (isFine && left === current) goTo(inTurn()[inTurn().indexOf(left) + 1]);
  } finally {
    isLeaving = false;
    next.removeAttribute("aria-busy");
  }
}

/** Begins at a step; the button never leads out of the form, the browser's own does. */
export function beginAt(step) {
  history.replaceState({ step: step.dataset.step, depth: 0 }, "");
  show(step, { focus: false });
  back.addEventListener("click", goBack);
  addEventListener("popstate", ({ state }) => {
    const wanted = stepNamed(state?.step);
    if (wanted) show(wanted);
  });
}
