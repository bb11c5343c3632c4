// The public map: pins of the visible part, and the list beside it follows.

import { fetchDocument } from "./documents.js";
import { openMap, pin, savesData } from "./map.js";

const element = document.querySelector('[data-map="tickets"]');
const notice = document.querySelector(".map-notice");
const list = document.getElementById("list");
const PAUSE = 350; // ms after the last movement
const FEW = 12; // as many pins one steps through by keyboard; more stand in the list only
const shown = new Map();
let waiting;
let asked;

/** What the form says, and what came with the address and has no field here. */
function query() {
  const words = new URLSearchParams(location.search);
  for (const name of ["q", "status", "group", "bbox", "before", "lang"]) words.delete(name);
  for (const [name, value] of new FormData(document.querySelector(".filters"))) if (value) words.append(name, value);
  return words;
}

function say(kind) {
  notice.hidden = !kind;
  notice.textContent = kind ? notice.dataset[kind] : "";
}

function asBox(map) {
  const box = map.getBounds();
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((value) => value.toFixed(5)).join(",");
}

function popup(feature) {
  const box = document.createElement("div");
  box.className = "pin-words";
  const link = document.createElement("a");
  link.href = new URL(feature.properties.url).pathname;
  link.textContent = feature.properties.category_name;
  const small = document.createElement("p");
  small.textContent = element.dataset.number.replace("{n}", feature.properties.number);
  box.append(link, small);
  return box;
}

async function refresh(L, map, layer) {
  const mine = (asked = {});
  const words = query();
  words.set("bbox", asBox(map));
  history.replaceState(null, "", `?${words}`);
  try {
    const [answer, page] = await Promise.all([
      fetch(`${element.dataset.source}?${words}`),
      fetchDocument(`${element.dataset.list}?${words}`),
    ]);
    const { features } = await answer.json();
    if (mine !== asked) return;
    draw(L, layer, features);
    list.replaceChildren(...document.importNode(page.getElementById("list"), true).childNodes);
    say(features.length ? "" : "empty");
  } catch {
    if (mine === asked) say("failed");
  }
}

/** Pins that stay are left alone, so that what is open stays open. */
function draw(L, layer, features) {
  const wanted = new Map(features.map((feature) => [feature.properties.number, feature]));
  for (const [number, { marker, status }] of shown) {
    if (wanted.get(number)?.properties.status !== status && !marker.isPopupOpen()) {
      marker.remove();
      shown.delete(number);
    }
  }
  for (const [number, feature] of wanted) {
    if (shown.has(number)) continue;
    const [lon, lat] = feature.geometry.coordinates;
    const { category_name: name, status } = feature.properties;
    const marker = pin(L, { lat, lon, status, words: `${name}, ${number}` });
    marker.bindPopup(() => popup(feature), { closeButton: false, autoPanPadding: [60, 20], offset: [0, -30] });
    marker.addTo(layer);
    shown.set(number, { marker, status });
  }
  const tabIndex = shown.size > FEW ? -1 : 0;
  for (const { marker } of shown.values()) marker.getElement().tabIndex = tabIndex;
}

async function start() {
  if (!savesData()) say("loading");
  const { L, map } = await openMap(element);
  const box = new URLSearchParams(location.search).get("bbox")?.split(",").map(Number);
  if (box?.length === 4 && box.every(Number.isFinite)) map.fitBounds([[box[1], box[0]], [box[3], box[2]]]);
  const layer = L.layerGroup().addTo(map);
  map.on("moveend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(refresh, PAUSE, L, map, layer);
  });
  map.on("popupopen", ({ popup: opened }) => opened.getElement().querySelector("a").focus());
  await refresh(L, map, layer);
}

if (element) start().catch(() => say("failed"));
