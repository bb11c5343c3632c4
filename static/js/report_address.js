// Suggestions under the address field (a combobox with a listbox, WAI-ARIA 1.2), and words for the place under the cross.

import { pointAt, sayPlace } from "./report_place.js";

const form = document.getElementById("report");
const field = form.elements.address;
const list = document.getElementById("address-suggestions");
const count = document.getElementById("address-count");
const actions = form.querySelector(".actions");
const PAUSE = 200; // milliseconds without a key before we ask
const SHORTEST = 2; // characters
let timer;
let asking; // the search that is under way
let naming; // the look-up of the place that is under way
let active = -1;
let searched = ""; // what was looked for beyond the city's own list

async function ask(address, values, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams(values)}`, { signal });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

async function suggest(more = {}) {
  const typed = field.value.trim();
  asking?.abort();
  if (typed.length < SHORTEST) return close();
  asking = new AbortController();
  try {
    show(await ask(list.dataset.source, { q: typed, ...more }, asking.signal));
  } catch (error) {
    if (error.name !== "AbortError") close(); // without network the words alone will do
  }
}

/** Whether Enter asks the city's geocoder, which must not follow every key; pressed again it goes on as ever. */
function isWorthAsking() {
  return "geocoder" in list.dataset && field.value.trim().length >= SHORTEST && searched !== field.value;
}

function show(found) {
  list.replaceChildren(...found.map(({ label, lat, lon }, index) => {
    const option = document.createElement("li");
    option.id = `address-option-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.lat = lat;
    option.dataset.lon = lon;
    option.textContent = label;
    return option;
  }));
  active = -1;
  field.removeAttribute("aria-activedescendant");
  open(found.length > 0);
  count.textContent = found.length ? list.dataset.some.replace("{n}", found.length) : "";
}

function open(isOpen) {
  list.hidden = !isOpen;
  field.setAttribute("aria-expanded", String(isOpen));
  if (isOpen && list.getBoundingClientRect().bottom > actions.getBoundingClientRect().top) {
    field.closest(".field").scrollIntoView({ block: "start" }); // above a phone's keyboard and our own buttons
  }
}

function close() {
  clearTimeout(timer);
  asking?.abort();
  show([]);
}

function move(step) {
  const options = [...list.children];
  options[active]?.setAttribute("aria-selected", "false");
  active = (active + step + options.length + (active < 0 && step < 0 ? 1 : 0)) % options.length;
  options[active].setAttribute("aria-selected", "true");
  options[active].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", options[active].id);
}

function choose(option) {
  field.value = searched = option.textContent;
  close();
  pointAt(Number(option.dataset.lat), Number(option.dataset.lon));
}

field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
field.setAttribute("aria-controls", list.id);
field.setAttribute("aria-expanded", "false");

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(() => suggest(), PAUSE);
});

field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && list.hidden && isWorthAsking()) {
    event.preventDefault();
    searched = field.value;
    suggest({ whole: 1 });
    return;
  }
  if (list.hidden) return;
  if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Enter" && active >= 0) choose(list.children[active]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
});

field.addEventListener("blur", close);
list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) choose(option);
});

/** Says which house is near, or at once that another municipality looks after this place. */
async function name({ lat, lon }) {
  naming?.abort();
  naming = new AbortController();
  const { signal } = naming;
  try {
    await new Promise((done) => setTimeout(done, PAUSE));
    if (signal.aborted) return;
    const { label, inside, message } = await ask(list.dataset.nearest, { lat, lon }, signal);
    sayPlace(inside ? label : message, inside);
  } catch {
    // The coordinates stay; the server looks again when the report is sent.
  }
}

form.addEventListener("placechosen", ({ detail }) => name(detail));
if (form.elements.lat.value && form.elements.lon.value) {
  name({ lat: form.elements.lat.value, lon: form.elements.lon.value });
}
