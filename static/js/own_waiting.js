// Under a report's link when the city does not know it yet, or cannot be reached: what this device knows of it.

import "./badge.js";
import { remembered } from "./device_list.js";
import { listen } from "./outbox_news.js";
import { findDraft, hasStore, readSent } from "./outbox_store.js";
import { showWaiting } from "./waiting.js";

const unknown = document.getElementById("unknown");
const isOffline = "offline" in unknown.dataset;
const RELOADED = "own-reloaded";

async function show() {
  const { pathname } = location;
  const isKept = await hasStore().catch(() => false);
  const draft = isKept && (await findDraft(({ secret }) => pathname === `/meine/${secret}`).catch(() => undefined));
  if (draft) {
    showWaiting(draft);
    return;
  }
  listen(({ kind, path }) => kind === "sent" && path === pathname && location.reload());
  if (isOffline) window.addEventListener("online", () => location.reload());
  const known = [...remembered(), ...(isKept ? await readSent().catch(() => []) : [])];
  const entry = known.find(({ path }) => path === pathname);
  if (entry?.number) sayArrived(entry);
}

/** It arrived while this page was on its way here: now the city knows it. Once only, should it be gone there. */
function sayArrived({ number, path }) {
  if (!isOffline && sessionStorage.getItem(RELOADED) !== path) {
    sessionStorage.setItem(RELOADED, path);
    location.reload();
  }
  const arrived = document.getElementById("arrived");
  if (!arrived) return;
  arrived.querySelector("[data-number]").textContent = number;
  arrived.hidden = false;
}

show();
