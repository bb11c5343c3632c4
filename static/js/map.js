// Everything that we do with Leaflet, so that one file changes when the library does.
// An element with data-map="point" becomes a small map of one place by itself.

import "./trusted.js";

const ICONS = document.documentElement.dataset.icons;
const SHAPES = { accepted: "work", in_progress: "work" };
const CITY_ZOOM = { wide: 13, narrow: 12 };
const NARROW = 600; // pixels
const STREET_ZOOM = 17;
const IS_STILL = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const IS_FROM_RIGHT = document.documentElement.dir === "rtl";
let library;

/** Loads Leaflet once, with its styles; the page is useful before. */
function loadLeaflet(data) {
  library ??= Promise.all([loadStyles(data.leafletCss), import(data.leaflet)]).then(() => window.L);
  return library;
}

function loadStyles(address) {
  return new Promise((done, failed) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = address;
    link.onload = done;
    link.onerror = () => failed(new Error("styles"));
    document.head.append(link);
  });
}

/** An icon of our sprite as an SVG element. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/** Whether somebody has told the browser to save data: then a map comes only when it is asked for. */
export const savesData = () => Boolean(navigator.connection?.saveData);

/** Resolves when the map is wanted: at once, or by a button in its place. */
function wanted(element) {
  if (!savesData()) return Promise.resolve();
  return new Promise((done) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button load-map";
    button.textContent = element.dataset.load;
    button.addEventListener("click", () => {
      button.remove();
      if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
      element.focus({ preventScroll: true });
      done();
    });
    element.append(button);
  });
}

/** A map of the city in the element; resolves to Leaflet and the map. `at()`: where to begin, asked when it opens. */
export async function openMap(element, at = () => ({})) {
  await wanted(element);
  const L = await loadLeaflet(element.dataset);
  const { lat, lon, zoom } = at();
  const [centreLon, centreLat] = (element.dataset.centre || "10.5,51.2").split(",").map(Number);
  const map = L.map(element, {
    attributionControl: false,
    zoomControl: false,
    minZoom: 10,
    maxZoom: 19,
    fadeAnimation: false,
    zoomAnimation: !IS_STILL,
    markerZoomAnimation: !IS_STILL,
    inertia: !IS_STILL,
  });
  if (IS_STILL) keepStill(map);
  map.setView([lat ?? centreLat, lon ?? centreLon], zoom ?? CITY_ZOOM[element.clientWidth < NARROW ? "narrow" : "wide"]);
  L.control.zoom({ position: IS_FROM_RIGHT ? "topright" : "topleft", zoomInTitle: element.dataset.zoomIn, zoomOutTitle: element.dataset.zoomOut }).addTo(map);
  if (element.dataset.tiles) L.tileLayer(element.dataset.tiles, { maxZoom: 19, minZoom: 10, alt: "" }).addTo(map);
  addSources(L, map, element.dataset);
  drawBoundary(L, map);
  return { L, map };
}

/** Nothing glides: by keyboard, too, the map is at once where it was sent. */
function keepStill(map) {
  const pan = map.panBy;
  map.panBy = (offset, options) => pan.call(map, offset, { ...options, animate: false });
}

function addSources(L, map, data) {
  const Sources = L.Control.extend({
    onAdd: () => {
      const box = document.createElement("div");
      box.className = "map-sources";
      if (data.tiles) {
        const link = document.createElement("a");
        link.href = data.baseLink;
        link.rel = "noopener external";
        link.textContent = data.baseSource;
        box.append(link);
      } else {
        box.append(data.boundarySource || "");
      }
      if (data.addressSource) box.append(` · ${data.addressSource}`);
      return box;
    },
  });
  new Sources({ position: IS_FROM_RIGHT ? "bottomleft" : "bottomright" }).addTo(map);
}

async function drawBoundary(L, map) {
  try {
    const answer = await fetch("/api/v1/boundary");
    const feature = await answer.json();
    const style = { className: "boundary", fill: false, interactive: false };
    if (feature.geometry.coordinates.length) L.geoJSON(feature, { style: () => style }).addTo(map);
  } catch {
    // The outline only helps to find one's way.
  }
}

/** A pin with the picture of its subject, whose foot shows the status by shape and colour; the words are its name. */
export function pin(L, { lat, lon, status, symbol, words, isSingle = false }) {
  const drop = document.createElement("span");
  drop.className = `pin status-${status}`;
  drop.classList.toggle("single", isSingle);
  const foot = icon(`status-${SHAPES[status] || status}`);
  if (symbol) {
    foot.classList.add("foot");
    drop.append(icon(symbol));
  }
  drop.append(foot);
  const marker = L.marker([lat, lon], {
    icon: L.divIcon({ html: drop, className: "pin-place", iconSize: [44, 44], iconAnchor: [22, 40] }),
    alt: words,
    title: words,
    keyboard: true,
  });
  // Leaflet gives pictures an alt text, but a pin made of elements needs a name too.
  marker.on("add", () => {
    marker.getElement().setAttribute("aria-label", words);
    marker.getElement().setAttribute("role", "button");
  });
  return marker;
}

async function showPoint(element) {
  const lat = Number(element.dataset.lat);
  const lon = Number(element.dataset.lon);
  const { L, map } = await openMap(element, () => ({ lat, lon, zoom: STREET_ZOOM - 1 }));
  map.scrollWheelZoom.disable();
  pin(L, { lat, lon, status: element.dataset.status || "received", words: element.getAttribute("aria-label") || "" })
    .addTo(map)
    .getElement()
    .setAttribute("tabindex", "-1");
}

for (const element of document.querySelectorAll('[data-map="point"]')) {
  showPoint(element).catch(() => { element.hidden = true; });
}
