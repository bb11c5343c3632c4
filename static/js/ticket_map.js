// The public map: single tickets where there are few, counted clusters where there are many; the list follows.

import { cluster } from "./cluster.js";
import { fetchDocument } from "./documents.js";
import { openMap, pin, savesData } from "./map.js";

const element = document.querySelector('[data-map="tickets"]');
const notice = document.querySelector(".map-notice");
const list = document.getElementById("list");
const PAUSE = 250; // ms after the last movement
const FEW = 12; // as many marks one steps through by keyboard; more stand in the list only
const DEEPER = 2; // zooms that a tap on a cluster goes in
const STACK_DEGREES = 0.00012; // around a stack at the deepest zoom: the width of its cell, 13 m
const GROUP_SHAPES = ["received", "in_progress", "resolved", "declined"]; // for a lonely ticket amid clusters
const shown = new Map(); // by what is shown: marker
let waiting;
let asked;

/** What the form says, and what came with the address and has no field here. */
function query() {
  const words = new URLSearchParams(location.search);
  for (const name of ["q", "status", "group", "bbox", "zoom", "before", "lang"]) words.delete(name);
  for (const [name, value] of new FormData(document.querySelector(".filters"))) if (value) words.append(name, value);
  return words;
}

function say(kind) {
  notice.hidden = !kind;
  notice.textContent = kind ? notice.dataset[kind] : "";
}

const asBox = (...degrees) => degrees.map((value) => value.toFixed(5)).join(",");

function boxOf(map) {
  const box = map.getBounds();
  return asBox(box.getWest(), box.getSouth(), box.getEast(), box.getNorth());
}

function popup(number, name) {
  const box = document.createElement("div");
  box.className = "pin-words";
  const link = document.createElement("a");
  link.href = `/vorgang/${number}`;
  link.textContent = name;
  const small = document.createElement("p");
  small.textContent = element.dataset.number.replace("{n}", number);
  box.append(link, small);
  return box;
}

async function refresh(L, map, layer) {
  const mine = (asked = {});
  const words = query();
  words.set("bbox", boxOf(map));
  history.replaceState(null, "", `?${words}`);
  try {
    const [answer, page] = await Promise.all([
      fetch(`${element.dataset.source}?${words}&zoom=${map.getZoom()}`),
      fetchDocument(`${element.dataset.list}?${words}`),
    ]);
    if (!answer.ok) throw new Error(answer.status);
    const picture = await answer.json();
    if (mine !== asked) return;
    draw(L, map, layer, picture);
    list.replaceChildren(...document.importNode(page.getElementById("list"), true).childNodes);
    say(picture.total ? "" : "empty");
  } catch {
    if (mine === asked) say("failed");
  }
}

/** Marks that stay are left alone, so that what is open stays open. */
function draw(L, map, layer, { points, cells }) {
  const wanted = new Map([
    ...points.map((point) => [`${point}`, () => pointMark(L, point)]),
    ...cells.map((cell) => [`${map.getZoom()} ${cell}`, () => clusterMark(L, map, cell)]),
  ]);
  for (const [key, marker] of shown) {
    if (wanted.has(key) || marker.isPopupOpen()) continue;
    marker.remove();
    shown.delete(key);
  }
  for (const [key, make] of wanted) {
    if (!shown.has(key)) shown.set(key, make().addTo(layer));
  }
  const tabIndex = shown.size > FEW ? -1 : 0;
  for (const marker of shown.values()) marker.getElement().tabIndex = tabIndex;
}

function pointMark(L, [number, lon, lat, category, status]) {
  const [name, symbol] = categories[category] || [category, "more"];
  const marker = pin(L, { lat, lon, status, symbol, words: `${name}, ${number}` });
  return marker.bindPopup(() => popup(number, name), { closeButton: false, autoPanPadding: [60, 20], offset: [0, -30] });
}

function clusterMark(L, map, [lon, lat, ...counts]) {
  const names = ["new", "work", "done", "other"];
  const total = counts.reduce((sum, count) => sum + count);
  const words = names.reduce((text, name, at) => text.replace(`{${name}}`, counts[at]), element.dataset.cluster.replace("{n}", total));
  const status = GROUP_SHAPES[counts.findIndex(Boolean)];
  const mark = total === 1 ? pin(L, { lat, lon, status, words, isSingle: true }) : cluster(L, { lat, lon, counts, words });
  return mark.on("click", () => {
    if (map.getZoom() < map.getMaxZoom()) map.setView([lat, lon], map.getZoom() + DEEPER);
    else openStack(lon, lat);
  });
}

/** What lies on one spot stands in the list. */
function openStack(lon, lat) {
  const words = query();
  words.set("bbox", asBox(lon - STACK_DEGREES, lat - STACK_DEGREES, lon + STACK_DEGREES, lat + STACK_DEGREES));
  location.assign(`/meldungen?${words}`);
}

let categories;

async function start() {
  categories = JSON.parse(element.dataset.categories);
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
