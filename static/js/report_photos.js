// Photos of the report: taken or chosen, shrunk, sent ahead in the background, seen before sending, removable.

import { drawPhotos } from "./photo_previews.js";
import { startUpload, stopUpload } from "./photo_uploads.js";
import { shrink } from "./shrink.js";

const MAX_BYTES = 15 * 1024 * 1024;
const form = document.getElementById("report");
const camera = document.getElementById("f-camera");
const gallery = document.getElementById("f-gallery");
const previews = document.getElementById("previews");
const problem = document.getElementById("photo-problem");
const most = Number(form.dataset.mostPhotos);
let photos = []; // { id, index, name, blob, key, state, progress }; without blob: still being shrunk
let allowed = most;
let last = 0;

const told = { drawn: () => drawn(), changed: () => changed(), refused: (photo, words) => refuse(photo, words) };
const newId = () => `${Date.now()}-${(last += 1)}`;

/** How many photos will be sent, with those that the server still keeps. */
export function countPhotos() {
  return Math.min(photos.length, allowed) + (allowed ? keptByServer().length : 0);
}

/** How many photos the chosen category takes; those beyond wait, in case somebody chooses another. */
export function allowPhotos(number) {
  allowed = Math.min(number, most);
  for (const kept of keptByServer()) kept.disabled = allowed === 0;
}

/** Whether there are more photos than the category takes. */
export function hasTooMany() {
  return photos.length + keptByServer().length > allowed;
}

/** What a report takes along. `index`: the photo's place on the server; `key`: null as long as it is not all there. */
export function getPhotos() {
  return photos.slice(0, allowed).filter(({ blob, key }) => blob || key)
    .map(({ id, index, blob, name, key }) => ({ id, index, blob, name, key }));
}

/** Resolves when every photo is as small as it will be sent; soon, and without any network. */
export async function photosReady() {
  await Promise.all(photos.map(({ ready }) => ready));
}

/** Puts photos of an earlier try back in. */
export function setPhotos(list) {
  photos = list.slice(0, most).map((photo, position) => ({
    id: photo.id ?? newId(),
    index: photo.index ?? position,
    name: photo.name,
    blob: photo.blob,
    key: photo.key ?? null,
    state: photo.key ? "done" : "waiting",
    progress: photo.key ? 1 : 0,
  }));
  for (const photo of photos) if (!photo.key) startUpload(photo, told);
  changed();
}

/** For a form that is sent without our help: what the server has by its key, the rest as files. */
export function putPhotosIntoForm() {
  const transfer = new DataTransfer();
  for (const { blob, name, key } of getPhotos()) {
    if (!key) {
      transfer.items.add(new File([blob], name, { type: blob.type }));
      continue;
    }
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "uploads", value: key });
    form.append(field);
  }
  gallery.files = transfer.files;
}

/** Starts listening; `whenChosen` hears the files that somebody chose, in that same instant or before we were there. */
export function watchPhotos(whenChosen) {
  for (const input of [camera, gallery]) {
    const take = () => {
      const files = [...input.files];
      input.value = ""; // sent by their keys, or put back by putPhotosIntoForm
      if (files.length && add(files)) whenChosen(files);
    };
    input.addEventListener("change", take);
    take();
  }
  form.addEventListener("change", (event) => event.target.name === "uploads" && changed());
}

/** Whether at least one was taken. */
function add(files) {
  const pictures = files.filter((file) => !file.type || file.type.startsWith("image/"));
  const room = Math.max(0, most - photos.length - keptByServer().length);
  if (pictures.length < files.length) say(previews.dataset.wrongType);
  else say(pictures.length > room ? previews.dataset.tooMany : "");
  const fresh = pictures.slice(0, room).map((file) => {
    const photo = { id: newId(), index: freeIndex(), name: file.name, key: null, state: "shrinking", progress: 0 };
    photos.push(photo);
    photo.ready = prepare(photo, file);
    return photo;
  });
  changed();
  return fresh.length > 0;
}

async function prepare(photo, file) {
  const blob = await shrink(file);
  if (!photos.includes(photo)) return;
  if (blob.size > MAX_BYTES) {
    refuse(photo, previews.dataset.tooLarge);
    return;
  }
  photo.blob = blob;
  if (blob !== file) photo.name = `${file.name.replace(/\.[^.]*$/, "")}.jpg`;
  startUpload(photo, told, { isFresh: true });
  changed();
}

function freeIndex() {
  return [0, 1, 2].find((index) => photos.every((photo) => photo.index !== index));
}

function keptByServer() {
  return [...form.querySelectorAll('input[type="checkbox"][name="uploads"]:checked')];
}

/** The server, or we, cannot take this one: it goes, with a sentence, and everything else stays. */
function refuse(photo, words) {
  remove(photo);
  say(words);
}

function remove(photo) {
  photos = photos.filter((other) => other !== photo);
  stopUpload(photo);
  changed();
}

function say(words) {
  problem.hidden = !words;
  problem.textContent = words;
}

const pressed = {
  remove: (photo) => {
    say("");
    remove(photo);
    const isLastStep = document.getElementById("photos-shown").closest('[data-step="more"]');
    (previews.querySelector(".remove") || (isLastStep ? document.getElementById("add-photo") : camera)).focus();
  },
  retry: (photo) => startUpload(photo, told),
};

const drawn = () => drawPhotos(previews, photos, pressed);

/** The list shows what is so; the rest of the form hears of it. */
function changed() {
  drawn();
  form.dispatchEvent(new CustomEvent("photoschanged"));
}
