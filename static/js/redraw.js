// Draws a photo anew, upright and not too large: what the file said beside the picture (place, time, device) stays behind.

const ENOUGH = 450 * 1024; // bytes, about five seconds on a slow line
const QUALITIES = [0.85, 0.75, 0.65];

/** A JPEG of the photo whose longer edge has at most `edge` pixels; rejects what the browser cannot decode. */
export async function redraw(file, edge) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, edge / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = newCanvas(width, height);
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff"; // under what was transparent
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return encode(canvas, Math.min(ENOUGH, file.size));
}

/** The best quality that fits; a file that was pressed hard before may grow a little rather than be spoilt. */
async function encode(canvas, most) {
  let blob;
  for (const quality of QUALITIES) {
    blob = await toJpeg(canvas, quality);
    if (blob.size <= most) break;
  }
  return blob;
}

function newCanvas(width, height) {
  if (typeof OffscreenCanvas !== "undefined") return new OffscreenCanvas(width, height);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

function toJpeg(canvas, quality) {
  if (canvas.convertToBlob) return canvas.convertToBlob({ type: "image/jpeg", quality });
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("canvas"))), "image/jpeg", quality);
  });
}
