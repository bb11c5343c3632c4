// Under a report's link when the city does not know it yet, or cannot be reached: what this device knows of it.

import "./badge.js";
import { remembered } from "./device_list.js";
import { findDraft } from "./outbox_store.js";
import { showWaiting } from "./waiting.js";

const unknown = document.getElementById("unknown");

async function show() {
  const { pathname } = location;
  const draft = await findDraft(({ secret }) => pathname === `/meine/${secret}`).catch(() => undefined);
  if (draft) {
    showWaiting(draft);
    return;
  }
  const entry = remembered().find(({ path }) => path === pathname);
  const arrived = document.getElementById("arrived");
  if (entry?.number && arrived) {
    arrived.querySelector("[data-number]").textContent = entry.number;
    arrived.hidden = false;
    unknown.hidden = true;
  }
}

if ("offline" in unknown.dataset) window.addEventListener("online", () => location.reload());
show();
