// Makes the site work without a network: the service worker, and a place that the browser does not clear away.

import "./trusted.js";

/** Registers the service worker, and leaves it word in which language its pages shall speak. */
export async function install(language) {
  if (!navigator.serviceWorker) return;
  const words = await caches.open("language");
  await words.put("/language", new Response(language));
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  registration.active?.postMessage({ language });
}

/** Background Sync, where it exists, sends even after the page was closed. */
export async function askToSync() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("outbox").catch(() => {});
}

/** Asks the browser not to clear our drafts away when the device runs full. */
export async function askToStay() {
  if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
}
