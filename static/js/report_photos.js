// Photos of the report: collected from camera and gallery into one field, seen before they are sent, removable.

const MAX_BYTES = 15 * 1024 * 1024;
const camera = document.getElementById("f-camera");
const gallery = document.getElementById("f-gallery");
const previews = document.getElementById("previews");
const problem = document.getElementById("photo-problem");
const most = Number(document.getElementById("report").dataset.mostPhotos);
let photos = [];
let changed = () => {};

/** How many photos will be sent, with those that the server still keeps. */
export function countPhotos() {
  return photos.length + document.querySelectorAll('input[name="uploads"]:checked').length;
}

/** Drops the photos that are chosen now: a category may not take any. */
export function dropPhotos() {
  photos = [];
  for (const kept of document.querySelectorAll('input[name="uploads"]')) kept.checked = false;
  show();
}

/** Starts listening; `whenChosen` hears of new photos, `whenChanged` of every change. */
export function watchPhotos(whenChosen, whenChanged) {
  changed = whenChanged;
  for (const input of [camera, gallery]) {
    input.addEventListener("change", () => {
      if (!input.files.length) return;
      const fresh = [...input.files].filter((file) => !photos.includes(file));
      add(input === gallery ? fresh : [...input.files]);
      whenChosen();
    });
  }
  document.addEventListener("change", (event) => event.target.name === "uploads" && changed());
}

function add(files) {
  const room = most - countPhotos();
  const good = files.filter((file) => file.size <= MAX_BYTES);
  say(good.length < files.length ? previews.dataset.tooLarge : good.length > room ? previews.dataset.tooMany : "");
  photos = [...photos, ...good.slice(0, Math.max(0, room))];
  show();
}

function say(words) {
  problem.hidden = !words;
  problem.textContent = words;
}

/** The gallery's field carries all of them; the camera's is emptied so that nothing is sent twice. */
function show() {
  const transfer = new DataTransfer();
  for (const photo of photos) transfer.items.add(photo);
  gallery.files = transfer.files;
  camera.value = "";
  previews.replaceChildren(...photos.map(preview));
  changed();
}

function preview(photo, position) {
  const words = (text) => text.replace("{n}", position + 1);
  const item = document.createElement("li");
  const image = document.createElement("img");
  image.alt = words(previews.dataset.alt);
  image.src = URL.createObjectURL(photo);
  image.onload = () => URL.revokeObjectURL(image.src);
  image.onerror = () => {
    const note = document.createElement("p");
    note.className = "photo-waiting";
    note.textContent = words(previews.dataset.unseen);
    image.replaceWith(note);
  };
  const remove = document.createElement("button");
  remove.type = "button";
  remove.className = "remove";
  remove.setAttribute("aria-label", words(previews.dataset.remove));
  remove.textContent = "×";
  remove.addEventListener("click", () => {
    photos = photos.filter((other) => other !== photo);
    say("");
    show();
    gallery.focus();
  });
  item.append(image, remove);
  return item;
}
