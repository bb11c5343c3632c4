// What happens after "Meldung senden": kept first, sent then, and said truthfully either way.

import { remember } from "./device_list.js";
import { askToStay, askToSync } from "./install.js";
import { deliver, entryOf, sendOne, statusPath } from "./outbox_send.js";
import { changeDraft, saveDraft } from "./outbox_store.js";
import { tell } from "./outbox_news.js";
import { collectDraft, pauseKeeping, sayFull } from "./report_draft.js";
import { finishUploads } from "./photo_uploads.js";
import { getPhotos, putPhotosIntoForm } from "./report_photos.js";
import { showWaiting } from "./waiting.js";

const PATIENCE_MS = 8_000; // without progress; then the page says that the report waits, while it goes on trying

/**
 * Sends what stands in the form. Ends on the status page, on the sentence that the report waits on this device, or with
 * `showFaults(fields, message)` in the form: sentences by field (`form` for the whole), and one for all.
 * Without https nothing of that is there (trial machines in an office): the browser sends the form itself.
 */
export async function sendReport(form, showFaults) {
  if (!isSecureContext) {
    putPhotosIntoForm();
    form.submit();
    return;
  }
  pauseKeeping(true);
  const draft = collectDraft(form, "queued");
  const isKept = await keep(draft);
  const outcome = await attempt(draft, isKept);
  if (outcome.state === "sent") {
    remember([entryOf(draft, outcome)]);
    location.assign(statusPath(draft));
  } else if (outcome.state === "queued" && isKept) {
    askToSync();
    askToStay();
    showWaiting({ ...draft, ...outcome });
  } else {
    pauseKeeping(false);
    const words = document.getElementById("draft-full").dataset;
    if (outcome.state === "queued") showFaults({ form: outcome.reason === "network" ? words.offline : words.busy }, "");
    else showFaults(outcome.faults, outcome.message);
  }
}

/** Durable before the first byte leaves; false where this device keeps nothing. */
async function keep(draft) {
  try {
    await saveDraft(draft, { isFinal: true });
    tell({ kind: "kept", submission: draft.submission, path: statusPath(draft) });
    return true;
  } catch (error) {
    sayFull(error);
    return false;
  }
}

/** As soon as it is sent or refused, or when nothing has moved for a while; then it goes on behind the waiting page. */
function attempt(draft, isKept) {
  const end = takeUploads(draft, isKept).then(() => (isKept ? sendOne(draft.submission) : deliver(draft)));
  if (!isKept) return end;
  return Promise.race([end.catch(() => deliver(draft)), stalled()]);
}

/** Photos that are on their way need not be sent twice: their keys are waited for. */
async function takeUploads(draft, isKept) {
  if (navigator.onLine === false) return;
  await finishUploads();
  const keys = new Map(getPhotos().map(({ id, key }) => [id, key]));
  for (const photo of draft.photos) photo.key ??= keys.get(photo.id) ?? null;
  const photos = draft.photos.map(({ blob, ...photo }) => photo);
  if (isKept) await changeDraft(draft.submission, { photos });
}

function stalled() {
  return new Promise((done) => {
    const giveUp = () => done({ state: "queued", reason: "network", tries: 1, nextTry: 0 });
    let timer = setTimeout(giveUp, PATIENCE_MS);
    addEventListener("uploadprogress", () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, PATIENCE_MS);
    });
  });
}
