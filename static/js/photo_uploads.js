// Uploads of the report's photos while the form is being filled: they never hold anybody up.

import { cancelUpload, uploadPhoto, UploadRefused } from "./upload.js";

const form = document.getElementById("report");
const running = new Map(); // photo → { stop, ended }
const erasing = new Map(); // index → when the server has forgotten what was there

/**
 * Begins, or goes on. `told.drawn()` hears of every step, `told.changed()` when the photo has its key,
 * `told.refused(photo, words)` when the photo itself is no good.
 */
export function startUpload(photo, told, { isFresh = false } = {}) {
  if (running.has(photo) || !canUpload()) return;
  const stop = new AbortController();
  photo.state = "uploading";
  const ended = upload(photo, { stop, isFresh, told }).finally(() => {
    running.delete(photo);
    told.drawn();
  });
  running.set(photo, { stop, ended });
  addEventListener("online", () => photo.state === "waiting" && startUpload(photo, told), { once: true, signal: stop.signal });
}

/** Ends it; the server forgets what it has. */
export function stopUpload(photo) {
  const upload = running.get(photo);
  upload?.stop.abort();
  photo.state = "removed";
  if (!photo.blob || !canUpload()) return;
  erasing.set(photo.index, identity().then((about) => cancelUpload({ ...about, index: photo.index })));
}

/** Resolves when nothing is under way any more: each photo has its key, or waits for a network. */
export async function finishUploads() {
  await Promise.all([...running.values()].map(({ ended }) => ended));
}

/** Only a safe connection gives a page what it needs to hash; elsewhere the photos travel with the form. */
function canUpload() {
  return Boolean(crypto.subtle);
}

async function identity() {
  const bytes = new TextEncoder().encode(form.elements.secret.value);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const secretHash = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { submission: form.elements.submission.value, secretHash };
}

async function upload(photo, { stop, isFresh, told }) {
  const { blob, name, index } = photo;
  const onProgress = (part) => {
    photo.progress = part;
    told.drawn();
    dispatchEvent(new CustomEvent("uploadprogress"));
  };
  try {
    await erasing.get(index);
    photo.key = await uploadPhoto({ ...(await identity()), index, blob, name, isFresh, onProgress, signal: stop.signal });
    photo.state = "done";
    told.changed();
  } catch (error) {
    if (stop.signal.aborted) return;
    photo.state = error instanceof UploadRefused ? "local" : "waiting";
    if (error.isAboutPhoto) told.refused(photo, error.message);
  }
}
