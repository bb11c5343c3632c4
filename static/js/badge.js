// On every public page: says how many reports have not been sent, and sends them.

import { remember } from "./device_list.js";
import { install } from "./install.js";
import { listen, tell } from "./outbox_news.js";
import { pauseAfter, sendDue } from "./outbox_send.js";
import { forgetSent, hasStore, readDrafts, readSent } from "./outbox_store.js";

const badge = document.getElementById("unsent");
const ANNOUNCED = "unsent-announced";
const MOST_DOUBLED = 2; // a network may come back without a word, and an open page should notice within ten seconds
let timer = 0;

/** Everything that waits for a network: sends what is due, and plans the next try. */
async function flush() {
  clearTimeout(timer);
  if (!(await hasStore())) return;
  await sendDue();
  await refresh();
}

async function refresh() {
  if (!(await hasStore())) return;
  await takeOver().catch(() => {}); // what newer code has kept is only counted
  const unsent = (await readDrafts()).filter(({ state }) => state !== "editing");
  show(unsent.length);
  plan(unsent.filter(({ state }) => state === "queued"));
}

/** Reports that the service worker or another page has sent enter the list of this device. */
async function takeOver() {
  const entries = await readSent();
  remember(entries);
  for (const { path } of entries) await forgetSent(path);
  if (entries.length) tell({ kind: "listed" });
}

function show(number) {
  navigator.setAppBadge?.(number).catch(() => {});
  const words = number === 1 ? badge.dataset.one : badge.dataset.many.replace("{n}", number);
  const link = badge.querySelector("a");
  badge.hidden = number === 0;
  if (!number || link.textContent === words) return;
  link.textContent = words;
  announce(words);
}

/** Once a visit is enough; each page would say it again. */
function announce(words) {
  if (sessionStorage.getItem(ANNOUNCED) === words) return;
  sessionStorage.setItem(ANNOUNCED, words);
  document.getElementById("unsent-said").textContent = words;
}

function plan(queued) {
  clearTimeout(timer);
  if (!queued.length) return;
  const waits = queued.map(({ nextTry, tries }) =>
    nextTry > Date.now() ? nextTry - Date.now() : pauseAfter(Math.min(tries, MOST_DOUBLED)));
  timer = setTimeout(start, Math.min(...waits), flush);
}

/** A private window, or a store that fails: then nothing waits here either. */
function start(job) {
  job().catch(() => {});
}

listen(() => start(refresh));
window.addEventListener("online", () => start(flush));
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && start(flush));
start(flush);
window.addEventListener("load", () => start(() => install(badge.dataset.language)));
if (document.readyState === "complete") start(() => install(badge.dataset.language));
