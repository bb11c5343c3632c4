// Makes photos small before they travel: upright JPEGs without metadata, in a worker where the browser has one.

import { redraw } from "./redraw.js";

const LONG_EDGE = 2048; // pixels; clerks still read a house number on it
const LONG_EDGE_SAVING_DATA = 1280;
const waiting = new Map();
let worker;
let last = 0;

/** The photo as it will be sent; what the browser cannot decode (HEIC on most) goes as it is. */
export async function shrink(file) {
  const edge = navigator.connection?.saveData ? LONG_EDGE_SAVING_DATA : LONG_EDGE;
  const blob = await shrinkBeside(file, edge).catch(() => redraw(file, edge).catch(() => null));
  return blob || file;
}

/** Null: not decodable. Rejects where there is no worker. */
async function shrinkBeside(file, edge) {
  worker ??= open();
  return new Promise((done, failed) => {
    last += 1;
    waiting.set(last, { done, failed });
    worker.postMessage({ id: last, file, edge });
  });
}

function open() {
  if (typeof OffscreenCanvas === "undefined") throw new Error("no canvas in workers");
  const fresh = new Worker(document.getElementById("report").dataset.shrinker, { type: "module" });
  fresh.addEventListener("message", ({ data: { id, blob } }) => {
    waiting.get(id)?.done(blob);
    waiting.delete(id);
  });
  fresh.addEventListener("error", (event) => {
    event.preventDefault(); // said by doing the work in the page
    for (const { failed } of waiting.values()) failed(new Error("worker"));
    waiting.clear();
    worker = undefined;
  });
  return fresh;
}
