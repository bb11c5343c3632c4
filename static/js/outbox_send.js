// Sends what is kept, one sender at a time; no page is needed, so the service worker does it too.

import { tell } from "./outbox_news.js";
import { changeDraft, findDraft, markSent, readDrafts, readSent } from "./outbox_store.js";
import { uploadPhoto, UploadRefused } from "./upload.js";

const PATIENCE_MS = 60_000; // for the answer to a report, whose photos are there already
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;
const BUSY = [408, 425, 429];

/** The path of the status page, which holds from the moment when the phone has drawn the secret. */
export const statusPath = ({ secret }) => `/meine/${secret}`;

/** SHA-256 of the secret's characters in hexadecimal: as much of it as the server may know. */
export async function hashOf(secret) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sends every report whose time has come. `isWish`: somebody pressed the button, so nothing waits. */
export function sendDue({ isWish = false } = {}) {
  return alone(async () => {
    for (const draft of await readDrafts()) {
      const isDue = draft.nextTry <= Date.now() || isWish;
      if (draft.state !== "queued" || !isDue || isAboutToBeEdited(draft)) continue;
      const outcome = await sendStored(draft);
      if (outcome.reason === "network") return; // the others would fare no better
    }
  });
}

/** The form that this page is about to show it in takes it back first. */
const isAboutToBeEdited = ({ submission }) => location.hash.includes(submission);

/** Sends one kept report now; resolves to `{state, …}` as `deliver` does, also when somebody else was quicker. */
export function sendOne(submission) {
  return alone(async () => {
    const draft = await findDraft((other) => other.submission === submission);
    if (draft) return sendStored(draft);
    const entry = (await readSent()).find((other) => other.submission === submission);
    return { state: "sent", ...entry };
  });
}

/** Two tabs, or a tab and the service worker, never send at the same time; `signal` ends the wait for one's turn. */
export function alone(job, signal) {
  return navigator.locks ? navigator.locks.request("outbox", { signal }, job) : job();
}

async function sendStored(draft) {
  const outcome = await deliver(draft, (photos) => changeDraft(draft.submission, { photos: photos.map(withoutBlob) }));
  await settle(draft, outcome);
  const kind = outcome.state === "queued" ? "waiting" : outcome.state;
  tell({ kind, outcome, submission: draft.submission, path: statusPath(draft) });
  return outcome;
}

const withoutBlob = ({ blob, ...words }) => words;

async function settle(draft, outcome) {
  if (outcome.state === "sent") await markSent(draft, entryOf(draft, outcome));
  else await changeDraft(draft.submission, outcome);
}

/** What the list of this device keeps of a report. `isFirst`: an earlier try had arrived, later changes did not. */
export function entryOf(draft, { number, isRepeat }) {
  const { submission, category, createdAt, isChanged } = draft;
  return { path: statusPath(draft), submission, number, category, createdAt, isFirst: Boolean(isChanged && isRepeat) };
}

/**
 * Brings a report to the server: missing photos first, then the words. Resolves to what became of it:
 * `{state: "sent", number, isRepeat}`, `{state: "failed", faults, message, code}` where somebody has to change it, or
 * `{state: "queued", reason: "network" | "server", tries, nextTry}`. `remember(photos)` hears of each upload's key.
 */
export async function deliver(draft, remember = async () => {}) {
  if (!(await isReachable())) return later(draft, "network");
  const secretHash = await hashOf(draft.secret);
  const refusal = await uploadMissing(draft, secretHash, remember);
  const outcome = refusal || (await post(draft, secretHash));
  if (outcome.code !== "upload_unknown") return outcome;
  for (const photo of draft.photos) photo.key = null; // waited longer than a day: the device still has the bytes
  await remember(draft.photos);
  return (await uploadMissing(draft, secretHash, remember)) || post(draft, secretHash);
}

/** "Offline" is not always true (virtual networks, VPN); asking costs nothing then, and fails at once when it is. */
function isReachable() {
  if (navigator.onLine !== false) return true;
  return fetch("/healthz", { method: "HEAD", cache: "no-store" }).then(() => true, () => false);
}

async function uploadMissing(draft, secretHash, remember) {
  for (const photo of draft.photos) {
    if (photo.key || !photo.blob) continue;
    if (!(await isReadable(photo.blob))) return failed("photo_unreadable", "", { photos: draft.unreadable });
    try {
      const { blob, name, index } = photo;
      photo.key = await uploadPhoto({ submission: draft.submission, secretHash, index, blob, name });
    } catch (error) {
      if (!(error instanceof UploadRefused)) return later(draft, "network");
      return failed(error.code, error.message, { photos: error.message });
    }
    await remember(draft.photos);
  }
  return null;
}

/** Some phones lose the bytes of what they keep; a network that is gone looks the same to whoever sends. */
function isReadable(blob) {
  return blob.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

async function post(draft, secretHash) {
  let answer;
  let words;
  try {
    answer = await ask(formOf(draft, secretHash));
    words = await answer.json();
  } catch {
    return later(draft, answer?.status >= 500 || BUSY.includes(answer?.status) ? "server" : "network", answer);
  }
  // A café's log-in page answers 200 too: only our own submission in the answer proves that the report has arrived.
  if (answer.ok && words?.submission === draft.submission) {
    return { state: "sent", number: words.number, isRepeat: answer.status === 200 };
  }
  if (answer.ok || answer.status >= 500 || BUSY.includes(answer.status)) return later(draft, "server", answer);
  if (!words?.error) return later(draft, "network");
  return failed(words.error.code, words.error.message, words.error.fields);
}

async function ask(body) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch("/melden", { method: "POST", body, headers, redirect: "error", signal: stop.signal });
    await answer.clone().arrayBuffer(); // the body may break off as well
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

function formOf(draft, secretHash) {
  const form = new FormData();
  for (const [name, value] of draft.fields) form.append(name, value);
  form.set("submission", draft.submission);
  form.set("secret_hash", secretHash);
  if (draft.language) form.set("language", draft.language);
  for (const { key } of draft.photos) if (key) form.append("uploads", key);
  return form;
}

function failed(code = "refused", message = "", fields = {}) {
  const faults = Object.keys(fields).length ? fields : { form: message };
  return { state: "failed", code, message, faults };
}

/** A network that is gone may be back at any moment; a server that asks for time gets it. */
function later(draft, reason, answer) {
  const tries = draft.tries + 1;
  const wait = secondsAsked(answer) ?? pauseAfter(tries);
  return { state: "queued", reason, tries, nextTry: reason === "server" ? Date.now() + wait : 0 };
}

/** Milliseconds before the next try, doubled each time, with some chance so that not all phones come at once. */
export function pauseAfter(tries) {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1)) * (0.8 + Math.random() * 0.4);
}

function secondsAsked(answer) {
  const words = answer?.headers.get("Retry-After");
  if (!words) return undefined;
  const wait = /^\d+$/.test(words) ? Number(words) * 1000 : Date.parse(words) - Date.now();
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}
