// Where a photo says it was taken: the GPS entries of a JPEG's EXIF block, and nothing else of it.

const HEAD = 128 * 1024; // bytes; EXIF stands before the picture
const GPS_BLOCK = 0x8825;
const [LAT_REF, LAT, LON_REF, LON] = [1, 2, 3, 4];

/** `{ lat, lon }` in degrees, or null: most phones remove the place before a page gets the file. */
export async function findPhotoPlace(file) {
  try {
    const view = new DataView(await file.slice(0, HEAD).arrayBuffer());
    const start = findExif(view);
    return start ? readPlace(view, start) : null;
  } catch {
    return null; // a broken block speaks of no place
  }
}

/** Where the TIFF header inside the EXIF segment begins; 0 without one. */
function findExif(view) {
  if (view.getUint16(0) !== 0xffd8) return 0;
  for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at + 1) === 0xe1 && view.getUint32(at + 4) === 0x45786966) return at + 10; // "Exif"
  }
  return 0;
}

function readPlace(view, start) {
  const little = view.getUint16(start) === 0x4949;
  const number = (at) => view.getUint32(start + at, little);
  const entries = (at) => {
    const found = new Map();
    const count = view.getUint16(start + at, little);
    for (let n = 0; n < count; n += 1) found.set(view.getUint16(start + at + 2 + 12 * n, little), at + 10 + 12 * n);
    return found;
  };
  const gps = entries(number(entries(number(4)).get(GPS_BLOCK)));
  const degrees = (tag) => [0, 1, 2].reduce((sum, n) => {
    const at = number(gps.get(tag)) + 8 * n;
    return sum + number(at) / number(at + 4) / 60 ** n;
  }, 0);
  const sign = (tag, negative) => (String.fromCharCode(view.getUint8(start + gps.get(tag))) === negative ? -1 : 1);
  const lat = sign(LAT_REF, "S") * degrees(LAT);
  const lon = sign(LON_REF, "W") * degrees(LON);
  const isPlace = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  return isPlace ? { lat, lon } : null;
}
