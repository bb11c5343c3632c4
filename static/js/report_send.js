// What happens after "Meldung senden": kept first, sent then, and said truthfully either way.

import { remember } from "./device_list.js";
import { askToStay, askToSync } from "./install.js";
import { deliver, entryOf, sendOne, statusPath } from "./outbox_send.js";
import { changeDraft, saveDraft } from "./outbox_store.js";
import { tell } from "./outbox_news.js";
import { collectDraft, pauseKeeping, sayFull } from "./report_draft.js";
import { putPhotosIntoForm } from "./report_photos.js";
import { showWaiting } from "./waiting.js";

const PATIENCE_MS = 15_000; // then the page says that the report waits, while it goes on trying

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

function attempt(draft, isKept) {
  if (!isKept) return deliver(draft);
  return Promise.race([sendOne(draft.submission).catch(() => deliver(draft)), patience()]);
}

/** A photo that is still on its way counts as an answer: only silence is a lack of network. */
function patience() {
  return new Promise((done) => {
    let timer;
    const start = () => {
      clearTimeout(timer);
      timer = setTimeout(done, PATIENCE_MS, { state: "queued", reason: "network", tries: 1, nextTry: 0 });
    };
    start();
    addEventListener("uploadprogress", start);
  });
}
