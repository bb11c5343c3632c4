// Makes the one long form into one question a screen. Without this file the form works all the same.

import "./badge.js";
import { newSecret, newSubmission } from "./identity.js";
import { keepDraft, restoreDraft } from "./report_draft.js";
import { clearFaults, fault, showFaults, watchFaults } from "./report_faults.js";
import { chooseOther, fetchNearby } from "./report_nearby.js";
import { allowPhotos, countPhotos, hasTooMany, photosReady, watchPhotos } from "./report_photos.js";
import { hasPlace, hasPoint, locate, sayPlaceIsMissing, showPlace, takePlaceFromForm } from "./report_place.js";
import {
  categoryWords, chosenCategory, fetchAllQuestions, fetchQuestions, openStop, placeQuestions, unanswered, watchStop,
} from "./report_questions.js";
import { sendReport } from "./report_send.js";
import { beginAt, forward, goTo, nameNext, show, shownStep, stepNamed, stepOf } from "./report_steps.js";
import { searchCategories } from "./report_suggest.js";

const form = document.getElementById("report");
const questions = document.getElementById("questions");
const next = document.getElementById("next");
const send = document.getElementById("send");
const addPhoto = document.getElementById("add-photo");
const ONE_TAP = 300; // milliseconds
const savesData = Boolean(navigator.connection?.saveData);
const words = form.dataset;

const mayLeave = {
  place: () => hasPlace() || void sayPlaceIsMissing(),
  category: async () => {
    if (!chosenCategory()) {
      fault(shownStep(), words.categoryMissing);
      return false;
    }
    fault(shownStep(), "");
    await Promise.all([fetchQuestions().catch(() => {}), fetchNearby(form)]);
    allowPhotos(Number(questions.dataset.photos));
    return true;
  },
  nearby: () => chooseOther(form),
  questions: () => {
    const stop = openStop();
    if (stop) {
      fault(questions, words.stopUnanswered, stop.querySelector(".choices"));
      stop.querySelector("input").focus();
      return false;
    }
    fault(questions, "");
    const missing = Object.fromEntries(unanswered().map((name) => [name, words.answerRequired]));
    const isFine = Object.keys(missing).length === 0;
    if (isFine) clearFaults();
    else showFaults(missing);
    return isFine;
  },
};

/** The tap is answered first, by the button itself; then the form does what takes longer. */
const afterPaint = (job) => requestAnimationFrame(() => setTimeout(job));

const onward = () => afterPaint(() => forward(mayLeave));

/** Everything that can be said without asking the server, so that a report kept offline arrives in the end. */
function findFaults() {
  const missing = {};
  if (!isJoining()) {
    for (const name of unanswered()) missing[name] = words.answerRequired;
    if (!hasPlace()) missing.place = words.placeMissing;
    if (!chosenCategory()) missing.category = words.categoryMissing;
    if (openStop()) missing.emergency = words.stopUnanswered;
    if (!countPhotos() && !form.elements.description.value.trim()) missing.description = words.textMissing;
  }
  if (form.elements.email.validity.typeMismatch) missing.email = words.emailWrong;
  return missing;
}

/** Whether this is somebody else's matter too: then its place and category are the ticket's. */
const isJoining = () => Boolean(form.elements.joins?.value);

async function submit(event) {
  event.preventDefault();
  if (send.hidden) {
    onward();
    return;
  }
  if (send.getAttribute("aria-disabled") === "true") return;
  const faults = findFaults();
  if (Object.keys(faults).length) {
    showFaults(faults);
    return;
  }
  isSending(true);
  try {
    await photosReady();
    await sendReport(form, showFaults);
  } finally {
    isSending(false);
  }
}

function isSending(is) {
  send.setAttribute("aria-disabled", String(is));
  send.querySelector("span").textContent = is ? send.dataset.sending : send.dataset.words;
}

function prepareLastStep() {
  const notice = document.getElementById("photo-notice");
  const isUnwanted = hasTooMany() && Number(questions.dataset.photos) === 0;
  notice.textContent = isUnwanted ? words.noPhotos : hasTooMany() ? words.fewerPhotos.replace("{n}", questions.dataset.photos) : "";
  notice.hidden = !notice.textContent;
  addPhoto.before(document.getElementById("photos-shown"));
  showRoom();
  document.getElementById("more-questions").hidden = isJoining();
  summarise();
}

/** Nobody is offered a button that would only say no. */
function showRoom() {
  addPhoto.hidden = countPhotos() >= Number(questions.dataset.photos);
}

function summarise() {
  const list = document.getElementById("summary");
  const place = form.elements.address.value.trim() || (hasPoint() ? list.dataset.onMap : "");
  const lines = [[list.dataset.place, place], [list.dataset.category, categoryWords()]];
  list.hidden = false;
  list.replaceChildren(...lines.filter(([, text]) => text).flatMap(([title, text]) => {
    const term = document.createElement("dt");
    const description = document.createElement("dd");
    term.textContent = title;
    description.textContent = text;
    return [term, description];
  }));
}

const whenShown = {
  photo: () => document.getElementById("f-photos").prepend(document.getElementById("photos-shown")),
  place: () => {
    showPlace();
    if (!savesData) fetchAllQuestions().catch(() => {}); // asked again when they are needed
  },
  more: prepareLastStep,
};

/** The phone draws the report's id and its secret: the page may be a copy that many have seen. */
function drawIdentity() {
  if ("returned" in form.dataset) return; // the server keeps photos under the form's own values
  form.elements.submission.value = newSubmission();
  form.elements.secret.value = newSecret();
}

/** A tap on a category is enough; who walks through them by arrow keys goes on with the button. */
function goOnWithCategory() {
  let tapped = null;
  form.addEventListener("click", ({ target, detail }) => {
    const choice = target.closest(".tile .choice, #category-hints button");
    if (!choice || choice === tapped || (detail === 0 && !choice.matches("button"))) return;
    tapped = choice; // a label passes its click on to its button, which would lead one step too far
    setTimeout(() => { tapped = null; }, ONE_TAP);
    onward(); // once it is checked
  });
}

function goOnWithPhoto(files) {
  locate({ isWish: false, files });
  if (shownStep().dataset.step === "photo") onward();
}

function listen() {
  for (const element of form.querySelectorAll("button[name=step]")) element.remove();
  addPhoto.addEventListener("click", () => document.getElementById("f-gallery").click());
  next.addEventListener("click", () => {
    if (shownStep().dataset.step === "photo") locate({ isWish: false });
    onward();
  });
  form.addEventListener("stepshown", ({ detail: { name } }) => whenShown[name]?.());
  form.addEventListener("change", () => {
    watchStop();
    fault(shownStep(), "");
  });
  form.addEventListener("photoschanged", () => {
    nameNext();
    showRoom();
  });
  form.addEventListener("nearbychosen", ({ detail: { joins } }) => (
    joins ? afterPaint(() => goTo(stepNamed("more"))) : onward()));
  form.addEventListener("submit", submit);
  watchFaults();
  searchCategories(form);
  goOnWithCategory();
  addEventListener("pageshow", ({ persisted }) => persisted && isSending(false)); // back from the next page
}

async function start() {
  drawIdentity();
  listen();
  placeQuestions();
  watchStop();
  begin();
  const draft = await restoreDraft(form);
  watchPhotos(goOnWithPhoto); // not before, so that a new photo never meets an old draft
  keepDraft(form);
  if (draft) await goOnWith(draft);
}

/** The first step, or the first one that the server found a fault in. */
function begin() {
  const summary = document.getElementById("errors");
  const links = [...(summary?.querySelectorAll("a") || [])];
  beginAt(links.map((link) => stepOf(document.getElementById(link.hash.slice(1)))).find(Boolean) || stepNamed("photo"));
  summary?.focus();
}

/** A report that somebody had begun goes on where it was left, with what the server said about it. */
async function goOnWith(draft) {
  takePlaceFromForm();
  const needsQuestions = draft.step === "questions"; // the others need not wait for a slow network
  if (!needsQuestions) show(stepToGoOnAt(draft.step), { focus: false });
  if (chosenCategory()) await fetchQuestions().catch(() => {});
  allowPhotos(Number(questions.dataset.photos));
  if (needsQuestions) show(stepToGoOnAt(draft.step), { focus: false });
  if (draft.faults) showFaults(draft.faults);
}

/** What was shown near the place then is not known any more, and is looked for again. */
function stepToGoOnAt(name) {
  const step = stepNamed(name) || stepNamed("photo");
  return "empty" in step.dataset ? stepNamed("category") : step;
}

start();
document.documentElement.classList.add("ready");

export { showFaults };
