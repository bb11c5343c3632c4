// Shrinks photos beside the page, so that no tap ever waits for a decoder.

import { redraw } from "./redraw.js";

self.addEventListener("message", async ({ data: { id, file, edge } }) => {
  const blob = await redraw(file, edge).catch(() => null);
  self.postMessage({ id, blob });
});
