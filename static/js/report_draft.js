// Keeps what somebody has begun to report, from the first photo on, and brings it back after whatever happened.

import { askFirst } from "./ask_first.js";
import { VERSION } from "./draft_versions.js";
import { newSecret, newSubmission } from "./identity.js";
import { claimDraft, discardDraft } from "./outbox_actions.js";
import { statusPath } from "./outbox_send.js";
import { deleteDraft, hasStore, readDrafts, saveDraft } from "./outbox_store.js";
import { getPhotos, setPhotos } from "./report_photos.js";

const PAUSE_MS = 400; // after the last key
const LOCK_WAIT_MS = 600; // a page that is just being reloaded lets go of its draft
const OWN = ["submission", "secret", "photos"]; // kept apart
const MEANT = ["category", "description", "address", "email"]; // an empty form with only a position is no draft

let isPaused = false;
let isFull = false;
let begun = { createdAt: 0, tries: 0, isChanged: false };

/** The report as it stands in the form, as a draft in the given state. */
export function collectDraft(form, state) {
  const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !OWN.includes(name));
  begun.createdAt ||= Date.now();
  return {
    submission: form.elements.submission.value,
    secret: form.elements.secret.value,
    version: VERSION,
    language: form.elements.language.value,
    state,
    fields,
    photos: getPhotos(),
    category: categoryWords(form),
    step: form.querySelector(".step:not([hidden])")?.dataset.step || "",
    faults: null,
    reason: "",
    nextTry: 0,
    unreadable: document.getElementById("draft-full").dataset.unreadable, // the service worker has no words of its own
    ...begun,
  };
}

function categoryWords(form) {
  const chosen = form.querySelector('input[name="category"]:checked');
  return (chosen?.closest("label") || form.querySelector(".chosen-category"))?.textContent.trim() || "";
}

/** Keeps the draft from now on: soon after each change, at once when a photo comes or the page goes. */
export function keepDraft(form) {
  if (!isSecureContext) return; // there the form is sent by the browser itself
  let timer = 0;
  const now = () => {
    clearTimeout(timer);
    return keepNow(form);
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE_MS);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("photoschanged", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && now());
  hold(form.elements.submission.value);
}

async function keepNow(form) {
  if (isPaused || isFull) return;
  const draft = collectDraft(form, "editing");
  const isWorthIt = draft.photos.length > 0 || draft.fields.some(([name, value]) => MEANT.includes(name) && value);
  if (!isWorthIt) return;
  try {
    await saveDraft(draft);
  } catch (error) {
    sayFull(error);
  }
}

/** From now on the outbox alone changes what is kept; false gives it back to the form. */
export function pauseKeeping(isOn) {
  isPaused = isOn;
}

/** Says once that this device keeps nothing; the form works all the same and is sent straight away. */
export function sayFull(error) {
  isFull = true;
  const note = document.getElementById("draft-full");
  note.textContent = error?.name === "QuotaExceededError" ? note.dataset.full : note.dataset.none;
  note.hidden = false;
}

/**
 * Puts an unfinished report back into the form: the one that the address names after `#entwurf=`, else the latest.
 * Resolves to it, with `step` and `faults` (sentences by field) for the page to show, or to null.
 * Fields that the page has no input for yet wait in a hidden `[data-restored]`; `restored` tells the form's other modules.
 */
export async function restoreDraft(form) {
  if (document.getElementById("errors") || !isSecureContext) return null; // given back filled by the server
  const draft = await choose(form).catch(() => null);
  if (!draft) return null;
  if (draft.code === "submission_taken") await renew(draft);
  begun = { createdAt: draft.createdAt, tries: draft.tries, isChanged: draft.tries > 0 }; // a try may have arrived
  fill(form, draft);
  setPhotos(draft.photos);
  form.dispatchEvent(new CustomEvent("restored"));
  showNote(form);
  return draft;
}

async function choose(form) {
  if (!(await hasStore())) return null;
  const wanted = new URLSearchParams(location.hash.slice(1)).get("entwurf");
  const drafts = (await readDrafts()).reverse().filter(({ state }) => state !== "newer");
  const fitting = wanted
    ? drafts.filter(({ submission }) => submission === wanted)
    : drafts.filter((draft) => draft.state === "editing" && suits(form, draft));
  for (const draft of fitting) {
    if (!(await hold(draft.submission))) continue;
    if (draft.state !== "queued" || (await claimDraft(draft))) return draft;
    location.replace(statusPath(draft)); // on its way already
  }
  return null;
}

/** A link to one category does not bring back what somebody reported about another. */
function suits(form, draft) {
  const fixed = form.querySelector('input[type="hidden"][name="category"]')?.value;
  const chosen = draft.fields.find(([name]) => name === "category")?.[1];
  return !fixed || !chosen || fixed === chosen;
}

/** Two tabs never write the same report: resolves to false where another one has it open. */
function hold(submission) {
  if (!navigator.locks) return Promise.resolve(true);
  const stop = new AbortController();
  setTimeout(() => stop.abort(), LOCK_WAIT_MS);
  return new Promise((done) => {
    const keep = () => {
      done(true);
      return new Promise(() => {}); // until the page goes
    };
    navigator.locks.request(`draft-${submission}`, { signal: stop.signal }, keep).catch(() => done(false));
  });
}

/** Somebody else's report bears this id: the same words under a new one. */
async function renew(draft) {
  const { submission: taken } = draft;
  Object.assign(draft, { submission: newSubmission(), secret: newSecret(), code: "" });
  for (const photo of draft.photos) photo.key = null;
  await saveDraft({ ...draft, state: "editing" });
  await deleteDraft(taken);
}

function fill(form, draft) {
  form.elements.submission.value = draft.submission;
  form.elements.secret.value = draft.secret;
  const rest = document.createElement("div");
  rest.hidden = true;
  rest.dataset.restored = "";
  for (const name of new Set(draft.fields.map(([field]) => field))) {
    const values = draft.fields.filter(([field]) => field === name).map(([, value]) => value);
    if (!fillField(form, name, values)) rest.append(...values.filter(Boolean).map((value) => hiddenField(name, value)));
  }
  form.append(rest);
}

/** False where the form has no input that could show it. */
function fillField(form, name, values) {
  const inputs = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
  for (const input of inputs) {
    if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
    else if (name !== "language") input.value = values[0];
  }
  return inputs.length > 0;
}

function hiddenField(name, value) {
  const input = document.createElement("input");
  input.type = "hidden";
  Object.assign(input, { name, value });
  return input;
}

function showNote(form) {
  const note = document.getElementById("draft-note");
  note.hidden = false;
  askFirst(note.querySelector("button"), async () => {
    isPaused = true;
    await discardDraft(collectDraft(form, "editing"));
    location.replace(location.pathname);
  });
}
