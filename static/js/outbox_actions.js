// What somebody sees of a report that waits on this device, and can do with it.

import { askFirst } from "./ask_first.js";
import { tell } from "./outbox_news.js";
import { alone, hashOf, sendOne, statusPath } from "./outbox_send.js";
import { changeDraft, deleteDraft } from "./outbox_store.js";
import { cancelUpload } from "./upload.js";

const CLAIM_MS = 5000;

/** Of the parts with `data-when` only those stay that are true now: `network`, `server`, `failed`, `editing`, `newer`. */
export function sayState(box, { state, reason, message, faults }) {
  const wanted = state === "queued" ? reason || "network" : state;
  for (const part of box.querySelectorAll("[data-when]")) part.hidden = !part.dataset.when.split(" ").includes(wanted);
  const sentences = Object.values(faults || {});
  box.querySelector("[data-message]").textContent = [...new Set(sentences.length ? sentences : [message])].join(" ");
}

/** Gives the buttons in the box their meaning. */
export function wire(box, draft) {
  const send = box.querySelector("[data-send]");
  const edit = box.querySelector("[data-edit]");
  edit.href = `/melden#entwurf=${draft.submission}`;
  edit.addEventListener("click", async (event) => {
    event.preventDefault();
    location.assign((await claimDraft(draft)) ? edit.href : statusPath(draft));
    if (location.hash.includes(draft.submission)) location.reload(); // from the form itself it is the same page
  });
  askFirst(box.querySelector("[data-discard]"), () => discardDraft(draft));
  send.addEventListener("click", async () => {
    send.setAttribute("aria-disabled", "true");
    await sendOne(draft.submission).catch(() => {});
    send.removeAttribute("aria-disabled");
  });
}

/** Forgets a report here, and the photos that the server has of it already. */
export async function discardDraft(draft) {
  await deleteDraft(draft.submission);
  tell({ kind: "gone", submission: draft.submission, path: statusPath(draft) });
  await cancelUpload({ submission: draft.submission, secretHash: await hashOf(draft.secret) });
}

/** Takes a report back from the outbox, so that it can be changed; false when it is just being sent, or has been. */
export async function claimDraft({ submission, state }) {
  const words = state === "queued" ? { state: "editing" } : {}; // what the server said of a refused one stays with it
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), CLAIM_MS);
  try {
    return await alone(() => changeDraft(submission, words), stop.signal);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
