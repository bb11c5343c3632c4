// What somebody can do with a report that waits on this device.

import { askFirst } from "./ask_first.js";
import { tell } from "./outbox_news.js";
import { alone, hashOf, sendOne, statusPath } from "./outbox_send.js";
import { changeDraft, deleteDraft } from "./outbox_store.js";
import { cancelUpload } from "./upload.js";

const CLAIM_MS = 5000;

/** Where a waiting report is edited. */
export const editAddress = ({ submission }) => `/melden#entwurf=${submission}`;

/** Gives the buttons their meaning; each may be missing. */
export function wire(draft, { send, edit, discard }) {
  if (edit) edit.href = editAddress(draft);
  send?.addEventListener("click", async () => {
    send.disabled = true;
    await changeDraft(draft.submission, { state: "queued" }).catch(() => {});
    await sendOne(draft.submission).catch(() => {});
    send.disabled = false;
  });
  if (discard) askFirst(discard, () => discardDraft(draft));
}

/** Forgets a report here, and the photos that the server has of it already. */
export async function discardDraft(draft) {
  await deleteDraft(draft.submission);
  tell({ kind: "gone", submission: draft.submission, path: statusPath(draft) });
  await cancelUpload({ submission: draft.submission, secretHash: await hashOf(draft.secret) });
}

/** Takes a waiting report back into the form; false when it is just being sent, or has been. */
export async function claimDraft({ submission }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), CLAIM_MS);
  try {
    return await alone(() => changeDraft(submission, { state: "editing" }), stop.signal);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
