// The place of the report: by the device's position, by moving the map under a fixed cross, or by a typed address.

import { openMap } from "./map.js";

const form = document.getElementById("report");
const element = document.getElementById("f-place");
const words = document.getElementById("place-words");
const FAR_DEGREES = 0.5;
const CLOSE_ZOOM = 18;
let opened;
let circle;
let isChosen = Boolean(form.elements.lat.value && form.elements.lon.value);
let isLocating = false;
let isOurMove = false;
let isMeasured = false;

/** Whether somebody, or the device, has said where it is. */
export function hasPlace() {
  return isChosen || form.elements.address.value.trim() !== "";
}

/** Whether the map says where it is. */
export function hasPoint() {
  return isChosen;
}

export function sayPlaceIsMissing() {
  words.textContent = words.dataset.missing;
  words.classList.add("is-missing");
  form.elements.address.focus();
}

/** Opens the map when it is needed for the first time. */
export function showPlace() {
  import("./report_address.js").catch(() => {}); // typed words are enough
  opened ??= open().catch(() => {
    document.querySelector(".pick .map-frame").hidden = true;
  });
  opened.then((found) => found?.map.invalidateSize());
}

async function open() {
  const at = isChosen ? { lat: Number(form.elements.lat.value), lon: Number(form.elements.lon.value), zoom: CLOSE_ZOOM } : {};
  const found = await openMap(element, at);
  element.tabIndex = 0;
  found.map.on("moveend", () => {
    if (!isOurMove) choose(found.map.getCenter());
  });
  return found;
}

/** Moves the map as the device or an address wants it; without animation Leaflet tells of it before setView returns. */
function moveMap(map, lat, lon) {
  isOurMove = true;
  map.setView([lat, lon], CLOSE_ZOOM, { animate: false });
  isOurMove = false;
}

function choose(centre, accuracy = "") {
  isChosen = true;
  form.elements.lat.value = centre.lat.toFixed(6);
  form.elements.lon.value = centre.lng.toFixed(6);
  form.elements.accuracy.value = accuracy;
  isMeasured = accuracy !== "";
  words.classList.remove("is-missing");
  words.textContent = accuracy
    ? words.dataset.found
    : words.dataset.chosen.replace("{place}", `${centre.lat.toFixed(5)}, ${centre.lng.toFixed(5)}`);
  form.dispatchEvent(new CustomEvent("placechosen", { detail: { lat: form.elements.lat.value, lon: form.elements.lon.value } }));
}

/** Moves the cross to an address that somebody has chosen. */
export async function pointAt(lat, lon) {
  choose({ lat, lng: lon });
  const found = await opened;
  if (!found) return;
  moveMap(found.map, lat, lon);
  circle?.remove();
}

/** Words for the place under the cross: the house beside it, or why no report is taken there. */
export function sayPlace(label, isInside) {
  words.classList.toggle("is-missing", !isInside);
  if (!isInside) words.textContent = label;
  else if (label) words.textContent = isMeasured ? `${words.dataset.found} (${label})` : words.dataset.chosen.replace("{place}", label);
}

/** Asks the device where it is. `isWish`: somebody pressed the button and wants to hear what came of it. */
export function locate({ isWish }) {
  if (!navigator.geolocation || isLocating || (isChosen && !isWish)) {
    if (isWish && !navigator.geolocation) words.textContent = words.dataset.denied;
    return;
  }
  isLocating = true;
  if (isWish) words.textContent = words.dataset.locating;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      isLocating = false;
      if (!isChosen || isWish) found(coords, isWish);
    },
    () => {
      isLocating = false;
      if (isWish) words.textContent = words.dataset.denied;
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
  );
}

async function found({ latitude, longitude, accuracy }, isWish) {
  const [lon, lat] = (element.dataset.centre || "").split(",").map(Number);
  if (Math.abs(latitude - lat) > FAR_DEGREES || Math.abs(longitude - lon) > FAR_DEGREES) {
    if (isWish) words.textContent = words.dataset.far;
    return;
  }
  choose({ lat: latitude, lng: longitude }, Math.round(accuracy));
  if (isWish) showPlace();
  const map = await opened;
  if (map) centreOn(map, latitude, longitude, accuracy);
}

function centreOn({ L, map }, lat, lon, accuracy) {
  moveMap(map, lat, lon);
  circle?.remove();
  circle = L.circle([lat, lon], { radius: accuracy, className: "accuracy", interactive: false }).addTo(map);
}

document.getElementById("locate").addEventListener("click", () => locate({ isWish: true }));
