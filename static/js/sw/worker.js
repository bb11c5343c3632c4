// The service worker: opens the report form without a network, and sends what waits. The server writes `city` before it:
// version (changes with any file and with the catalogue), files, pages (by their language), languages.

import { sendDue } from "../outbox_send.js";
import { readDrafts } from "../outbox_store.js";

const PREFIX = "city-";
const NAME = PREFIX + city.version;
const PATIENCE_MS = 3000; // a page from the network that takes longer is replaced by the kept one
const SECRET = /^\/meine\/[\w-]{43}$/;
const WAITING = "/meine/wartet";
const OFFLINE = "/offline";

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const answer = answerTo(event);
  if (answer) event.respondWith(answer);
});
addEventListener("message", (event) => event.waitUntil(keepPages(event.data.language)));
addEventListener("sync", (event) => {
  if (event.tag === "outbox") event.waitUntil(sendAll());
});

async function install() {
  const cache = await caches.open(NAME);
  await Promise.all([
    ...wantedFiles().map((address) => keepFile(cache, address)),
    keepPages(city.languages[0]),
    keepPages(await lastLanguage()),
  ]);
  await skipWaiting(); // pages that are open go on with the files of their own version, which stay
}

/** Who saves data gets the map's library when a map is asked for. */
const wantedFiles = () => city.files.filter((address) => !(navigator.connection?.saveData && /\/leaflet\//.test(address)));

/** The pages in one language; those that nobody here reads would only cost data. */
async function keepPages(language) {
  if (!city.languages.includes(language)) return;
  const cache = await caches.open(NAME);
  await Promise.all(city.pages.map((path) => keepPage(cache, inLanguage(path, language))));
}

const lastLanguage = async () => (await caches.match("/language"))?.text();

const inLanguage = (path, language) => `${path}?lang=${encodeURIComponent(language)}`;

/** What an earlier version has already is not fetched again: the address changes with the content. */
async function keepFile(cache, address) {
  const known = address.includes("?v=") ? await caches.match(address, { ignoreVary: true }) : undefined;
  const answer = known || (await fetch(address, { cache: address.includes("?v=") ? "default" : "no-cache" }));
  if (!answer.ok) throw new Error(address);
  await cache.put(address, answer);
}

/** Without cookies: a page that is the same for everyone, and no language is set by fetching it. */
async function keepPage(cache, address) {
  if (await cache.match(address, { ignoreVary: true })) return;
  const answer = await fetch(address, { credentials: "omit", cache: "no-store", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(address);
  await cache.put(address, answer);
}

/** Two versions stay: this one, and the one before, whose pages may still be open. */
async function activate() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
  await registration.navigationPreload?.enable();
  await clients.claim();
}

/** Nothing but our own public pages and files passes through here; for all else the browser asks as ever. */
function answerTo(event) {
  const { request } = event;
  const { origin, pathname, searchParams } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return null;
  if (/^\/(verwaltung|einrichtung|auftrag)(\/|$)/.test(pathname)) return null;
  if (request.mode === "navigate") return openPage(event, pathname, searchParams);
  if (pathname === "/melden/fragen") return freshOrKept(fetch(request), inTheLanguage(pathname));
  return isFile(request.url) ? fileOf(request) : null;
}

function isFile(url) {
  const { pathname, search } = new URL(url);
  return city.files.includes(pathname + search) || (pathname.startsWith("/static/") && search.startsWith("?v="))
    || /\/built\/js\/part-[^/]*\.js$/.test(pathname);
}

async function fileOf(request) {
  const own = await caches.open(NAME);
  const known = (await own.match(request, { ignoreVary: true })) || (await caches.match(request, { ignoreVary: true }));
  return known || fetch(request);
}

/** A link that brings place or category along is waited for, however slow: the kept page knows neither. */
async function openPage(event, pathname, query) {
  const network = Promise.resolve(event.preloadResponse).then((answer) => answer || fetch(event.request));
  event.waitUntil(network.catch(() => {}));
  const wish = query.get("lang");
  query.delete("lang");
  if (!city.pages.includes(pathname)) return network.catch(() => kept(SECRET.test(pathname) ? WAITING : OFFLINE, wish));
  return freshOrKept(network, inTheLanguage(pathname, wish), `${query}` ? Infinity : PATIENCE_MS);
}

const kept = async (pathname, wish) => (await inTheLanguage(pathname, wish)) || Response.error();

/** The city's answer, so that what is new is seen at once; else what we kept. */
async function freshOrKept(network, keptPage, patience = PATIENCE_MS) {
  const late = new Promise((done) => Number.isFinite(patience) && setTimeout(done, patience));
  const answer = await Promise.race([network.catch(() => undefined), late]);
  if (answer && answer.status < 500) return answer;
  return (await keptPage) || network;
}

/** A kept page in the language that was asked for, or that the pages spoke last. */
async function inTheLanguage(pathname, wish) {
  const cache = await caches.open(NAME);
  for (const language of [wish, await lastLanguage(), city.languages[0]]) {
    const page = language && (await cache.match(inLanguage(pathname, language), { ignoreVary: true }));
    if (page) return page;
  }
  return undefined;
}

/** The browser tries again later when something is left. */
async function sendAll() {
  await sendDue();
  const unsent = (await readDrafts()).filter(({ state }) => state !== "editing");
  await navigator.setAppBadge?.(unsent.length).catch(() => {});
  if (unsent.some(({ state }) => state === "queued")) throw new Error("some reports still wait");
}
