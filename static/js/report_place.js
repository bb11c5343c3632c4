// The place of the report: by the device's position, by moving the map under a fixed cross, or by a typed address.

import { openMap } from "./map.js";
import { findPhotoPlace } from "./photo_place.js";

const form = document.getElementById("report");
const element = document.getElementById("f-place");
const words = document.getElementById("place-words");
const fromPhoto = document.getElementById("place-from-photo");
const FAR_DEGREES = 0.5;
const CLOSE_ZOOM = 18;
const SAME_DEGREES = 0.00001; // a metre: a keyboard that comes up shifts the map by less
let opened;
let circle;
let isChosen = Boolean(form.elements.lat.value && form.elements.lon.value);
let isLocating = false;
let isOurMove = false;
let isMeasured = false;
let photos = [];

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
  opened.then((found) => found?.map.invalidateSize({ pan: false }));
}

async function open() {
  const at = () => (isChosen ? { ...point(), zoom: CLOSE_ZOOM } : {});
  const found = await openMap(element, at);
  element.tabIndex = 0;
  for (const button of element.querySelectorAll(".leaflet-control-zoom a")) button.tabIndex = -1; // + and - on the map do it
  found.map.on("moveend", () => {
    const centre = found.map.getCenter();
    if (!isOurMove && element.clientWidth && !isHere(centre)) choose(centre);
  });
  if (isMeasured) drawCircle(found);
  return found;
}

const point = () => ({ lat: Number(form.elements.lat.value), lon: Number(form.elements.lon.value) });

function isHere({ lat, lng }) {
  const { lat: chosenLat, lon: chosenLon } = point();
  return isChosen && Math.abs(lat - chosenLat) < SAME_DEGREES && Math.abs(lng - chosenLon) < SAME_DEGREES;
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
  fromPhoto.hidden = true;
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

/** Takes the place that a draft brought back. */
export function takePlaceFromForm() {
  isChosen = Boolean(form.elements.lat.value && form.elements.lon.value);
  isMeasured = isChosen && form.elements.accuracy.value !== "";
}

/** Asks the device where it is. `isWish`: somebody pressed the button, and it counts even over a chosen place. */
export function locate({ isWish, files = [] }) {
  photos = [...photos, ...files];
  if (isLocating || (isChosen && !isWish)) return;
  if (!navigator.geolocation) {
    sayUnknown();
    return;
  }
  isLocating = true;
  if (!isChosen || isWish) words.textContent = words.dataset.locating;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      isLocating = false;
      if (!isChosen || isWish) found(coords);
    },
    ({ code, PERMISSION_DENIED }) => {
      isLocating = false;
      if (!isChosen || isWish) sayUnknown(code === PERMISSION_DENIED ? "denied" : "unknown");
    },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
  );
}

function found({ latitude, longitude, accuracy }) {
  const [lon, lat] = (element.dataset.centre || "").split(",").map(Number);
  if (Math.abs(latitude - lat) > FAR_DEGREES || Math.abs(longitude - lon) > FAR_DEGREES) {
    sayUnknown("far");
    return;
  }
  choose({ lat: latitude, lng: longitude }, Math.max(1, Math.round(accuracy)));
  opened?.then((map) => {
    if (!map || !isMeasured) return;
    moveMap(map.map, latitude, longitude);
    drawCircle(map);
  });
}

function drawCircle({ L, map }) {
  const { lat, lon } = point();
  circle?.remove();
  circle = L.circle([lat, lon], { radius: Number(form.elements.accuracy.value), className: "accuracy", interactive: false }).addTo(map);
}

/** Says why the device did not help, and offers what a photo knows instead. */
async function sayUnknown(why = "denied") {
  words.textContent = words.dataset[why];
  for (const photo of photos) {
    const place = await findPhotoPlace(photo);
    if (!place || isChosen) continue;
    fromPhoto.hidden = false;
    fromPhoto.onclick = () => {
      pointAt(place.lat, place.lon);
      form.elements.address.closest(".step").querySelector("h2").focus();
    };
    return;
  }
}

document.getElementById("locate").addEventListener("click", () => locate({ isWish: true }));
