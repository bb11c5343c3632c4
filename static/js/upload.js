// Sends one photo in pieces, goes on where the connection broke, and knows nothing of the page: service workers use it too.

const ADDRESS = "/melden/foto";
const SMALLEST = 64 * 1024; // bytes of a piece: on a bad line little is lost with one
const LARGEST = 256 * 1024;
const QUICK_MS = 2000; // a piece that took less may be followed by a larger one
const PATIENCE_MS = 60_000; // for one piece
const TRIES = 5; // in a row without getting further
const LONGEST_WAIT = 30; // seconds

/** The server has said no for good: `code` and, in the language of the page, `message`; `isAboutPhoto`: another may do. */
export class UploadRefused extends Error {
  constructor(code, words, isAboutPhoto) {
    super(words);
    this.code = code;
    this.isAboutPhoto = isAboutPhoto;
  }
}

const running = new Map();

/**
 * Resolves to the key that a report names. `isFresh`: nothing of this photo has been sent before.
 * Rejects with UploadRefused, an AbortError, or an Error when the network stayed away; then a later call goes on.
 * Who asks for what is under way already waits for it.
 */
export function uploadPhoto(photo) {
  const name = `${photo.submission} ${photo.index} ${photo.blob.size}`;
  if (!running.has(name)) running.set(name, sendPieces(photo).finally(() => running.delete(name)));
  return running.get(name);
}

async function sendPieces({ blob, onProgress = () => {}, signal, isFresh = false, ...about }) {
  let offset = isFresh ? 0 : null; // null: ask how far it is
  let length = SMALLEST;
  let failures = 0;
  while (failures < TRIES) {
    try {
      const began = Date.now();
      const answer = await post(piece(about, blob, offset, length), signal);
      if (answer.complete) return answer.key;
      failures = offset !== null && answer.offset <= offset ? failures + 1 : 0;
      if (offset !== null && Date.now() - began < QUICK_MS) length = Math.min(length * 2, LARGEST);
      offset = answer.offset;
      onProgress(offset / blob.size);
    } catch (error) {
      if (error instanceof UploadRefused || signal?.aborted) throw error;
      failures += 1;
      if (failures < TRIES) await pause(error.seconds ?? 2 ** (failures - 1), signal);
      offset = null; // the answer may have been lost, not the piece
      length = SMALLEST;
    }
  }
  throw new Error("network");
}

/** Lets the server forget a photo, or without `index` all of a report that was not sent; never fails. */
export async function cancelUpload(about) {
  const form = fields(about);
  form.set("cancel", "1");
  await fetch(ADDRESS, { method: "POST", body: form, keepalive: true }).catch(() => {});
}

function fields({ submission, secretHash, index }) {
  const form = new FormData();
  form.set("submission", submission);
  form.set("secret_hash", secretHash);
  if (index !== undefined) form.set("index", index);
  return form;
}

function piece(about, blob, offset, length) {
  const form = fields(about);
  form.set("size", blob.size);
  if (about.name) form.set("name", about.name);
  if (offset !== null) {
    form.set("offset", offset);
    form.set("chunk", blob.slice(offset, offset + length), "chunk");
  }
  return form;
}

/** One request; rejects with `seconds` where the server says how long to wait. */
async function post(body, signal) {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  const timer = setTimeout(giveUp, PATIENCE_MS);
  signal?.addEventListener("abort", giveUp);
  try {
    signal?.throwIfAborted?.();
    const headers = { Accept: "application/json" };
    const answer = await fetch(ADDRESS, { method: "POST", body, headers, redirect: "error", signal: stop.signal });
    return read(answer, await answer.json());
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
  }
}

function read(answer, words) {
  const isProgress = Number.isInteger(words.offset) && (answer.ok || answer.status === 409);
  if (isProgress && (!words.complete || words.key)) return words;
  if (answer.ok || answer.status >= 500 || answer.status === 429) {
    const seconds = Number(answer.headers.get("Retry-After")) || undefined;
    throw Object.assign(new Error("later"), { seconds: seconds && Math.min(seconds, LONGEST_WAIT) });
  }
  const { code = "refused", message = "", fields: sentences = {} } = words.error || {};
  throw new UploadRefused(code, sentences.photos || message, Boolean(sentences.photos));
}

function pause(seconds, signal) {
  return new Promise((done, failed) => {
    const timer = setTimeout(done, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      failed(new DOMException("", "AbortError"));
    }, { once: true });
  });
}
