// Reports that have not arrived yet, with their photos, in IndexedDB. Pages and the service worker share it.

import { openDB } from "idb";
import { migrateDraft, VERSION } from "./draft_versions.js";

const NAME = "maengelmelder";
const PARTS = ["drafts", "photos"];
let opened;

function openStore() {
  opened ??= openDB(NAME, VERSION, {
    upgrade,
    blocking: (_, __, { target }) => leave(target), // a newer page wants to change it; we open it anew when needed
    terminated: () => { opened = undefined; },
  }).catch((error) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

/** Whether anything was ever kept here; asking creates nothing. */
export async function hasStore() {
  const known = await indexedDB.databases?.();
  return !known || known.some(({ name }) => name === NAME);
}

function leave(connection) {
  connection.close();
  opened = undefined;
}

async function upgrade(db, before, _, transaction) {
  if (!before) db.createObjectStore("drafts", { keyPath: "submission" });
  if (before < 3) {
    db.createObjectStore("photos", { keyPath: ["submission", "id"] });
    db.createObjectStore("sent", { keyPath: "path" });
  }
  if (!before) return;
  const earlier = await transaction.objectStore("drafts").getAll();
  await Promise.all(earlier.flatMap((draft) => put(transaction, migrateDraft(draft))));
}

/** The photos' bytes are written once each, however often the words around them change. */
function put(transaction, draft, stored = []) {
  const names = draft.photos.map(({ id }) => id);
  const fresh = draft.photos.filter(({ id }) => !stored.includes(id));
  const gone = stored.filter((id) => !names.includes(id));
  const photos = transaction.objectStore("photos");
  return [
    ...fresh.map(({ id, blob }) => photos.put({ submission: draft.submission, id, blob })),
    ...gone.map((id) => photos.delete([draft.submission, id])),
    transaction.objectStore("drafts").put({ ...draft, photos: draft.photos.map(({ blob, ...words }) => words) }),
  ];
}

const of = (submission) => IDBKeyRange.bound([submission], [submission, []]);

/** Keeps a draft as it stands; rejects with what the device says, for example QuotaExceededError. */
export async function saveDraft(draft, { isFinal = false } = {}) {
  const db = await openStore();
  const transaction = db.transaction(PARTS, "readwrite", { durability: isFinal ? "strict" : "default" });
  const stored = await transaction.objectStore("photos").getAllKeys(of(draft.submission));
  await Promise.all([...put(transaction, draft, stored.map(([, id]) => id)), transaction.done]);
}

/** Changes some words of a draft if it is still there; resolves to whether it is. */
export async function changeDraft(submission, words) {
  const db = await openStore();
  const transaction = db.transaction("drafts", "readwrite", { durability: "strict" });
  const draft = await transaction.store.get(submission);
  if (draft) await transaction.store.put({ ...draft, ...words });
  await transaction.done;
  return Boolean(draft);
}

/** Every draft with its photos, the oldest first; those that newer code has written bear the state `newer`. */
export async function readDrafts() {
  try {
    const db = await openStore();
    const transaction = db.transaction(PARTS);
    const [drafts, photos] = await Promise.all(PARTS.map((part) => transaction.objectStore(part).getAll()));
    const blobs = new Map(photos.map(({ submission, id, blob }) => [`${submission} ${id}`, blob]));
    for (const draft of drafts) {
      for (const photo of draft.photos) photo.blob = blobs.get(`${draft.submission} ${photo.id}`);
    }
    return drafts.sort((one, other) => one.createdAt - other.createdAt);
  } catch (error) {
    if (error.name === "VersionError") return readNewer();
    throw error;
  }
}

/** Drafts that a newer version has kept here before the city went back to ours: seen, but never touched. */
async function readNewer() {
  const db = await openDB(NAME);
  const drafts = await db.getAll("drafts").catch(() => []);
  db.close();
  return drafts.map(({ submission, secret, createdAt }) => (
    { submission, secret, createdAt, state: "newer", fields: [], photos: [] }));
}

export async function findDraft(wanted) {
  return (await readDrafts()).find(wanted);
}

export async function deleteDraft(submission) {
  const db = await openStore();
  await remove(db, [], submission);
}

/** The report has arrived: its draft goes, and the next page adds it to the list of this device. */
export async function markSent(draft, entry) {
  const db = await openStore();
  await remove(db, ["sent"], draft.submission, (transaction) => transaction.objectStore("sent").put(entry));
}

async function remove(db, more, submission, also = () => {}) {
  const transaction = db.transaction([...PARTS, ...more], "readwrite", { durability: "strict" });
  await Promise.all([
    also(transaction),
    transaction.objectStore("drafts").delete(submission),
    transaction.objectStore("photos").delete(of(submission)),
    transaction.done,
  ]);
}

/** Reports that have arrived, and that no page has taken over into its list yet. */
export async function readSent() {
  const db = await openStore();
  return db.getAll("sent");
}

export async function forgetSent(path) {
  const db = await openStore();
  await db.delete("sent", path);
}
