// The list of thumbnails: each photo with how far it is, and a button that takes it away.

const items = new Map(); // id → element

/** Draws what has changed and leaves the rest alone, so that nothing flickers and no focus is lost. */
export function drawPhotos(list, photos, { remove, retry }) {
  for (const [id, item] of items) {
    if (photos.some((photo) => photo.id === id)) continue;
    item.remove();
    items.delete(id);
  }
  for (const [position, photo] of photos.entries()) {
    if (!items.has(photo.id)) items.set(photo.id, newItem(photo, { remove, retry }));
    const item = items.get(photo.id);
    if (list.children[position] !== item) list.insertBefore(item, list.children[position] || null);
    update(list.dataset, item, photo, position);
  }
}

function newItem(photo, { remove, retry }) {
  const item = document.createElement("li");
  const picture = document.createElement("div");
  picture.className = "picture";
  const state = document.createElement("p");
  state.className = "upload-state small";
  const bar = document.createElement("progress");
  const again = button("button quiet again", () => retry(photo));
  const away = button("remove", () => remove(photo));
  away.textContent = "×";
  item.append(picture, bar, away, state, again);
  return item;
}

function button(className, pressed) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.addEventListener("click", pressed);
  return element;
}

function update(words, item, photo, position) {
  const named = (text) => text.replace("{n}", position + 1);
  const percent = Math.round(photo.progress * 100);
  const [state, bar, again] = [".upload-state", "progress", ".again"].map((part) => item.querySelector(part));
  const texts = { uploading: words.uploading.replace("{percent}", percent), done: words.done, waiting: words.waiting };
  item.dataset.state = photo.state;
  state.textContent = texts[photo.state] || "";
  bar.hidden = photo.state !== "uploading";
  bar.value = photo.progress;
  bar.setAttribute("aria-label", named(words.bar));
  again.hidden = photo.state !== "waiting";
  again.textContent = words.again;
  item.querySelector(".remove").setAttribute("aria-label", named(words.remove));
  show(item.querySelector(".picture"), photo, named(words.alt), named(words.unseen));
}

/** The picture as it will be sent, once it is there. */
function show(place, photo, alt, unseen) {
  const shown = place.querySelector("img");
  if (shown) shown.alt = alt;
  if (!photo.blob || place.firstChild) return;
  const image = new Image();
  image.alt = alt;
  image.decoding = "async";
  image.src = URL.createObjectURL(photo.blob);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  image.addEventListener("error", () => {
    const note = document.createElement("p");
    note.className = "photo-waiting";
    note.textContent = unseen;
    image.replaceWith(note);
  });
  place.append(image);
}
