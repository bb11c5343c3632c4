// A number in a ring that shows by its parts how far the tickets are: new, in work, done, other.

const SVG = "http://www.w3.org/2000/svg";
const GROUPS = ["new", "work", "done", "other"];
const SMALLEST = 44; // pixels; what a finger hits
const GAP = 3; // hundredths of the ring between two parts, so that not only colour parts them
const numbers = new Intl.NumberFormat(document.documentElement.lang.slice(0, 2), { notation: "compact", maximumFractionDigits: 1 });

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

function ring(counts, total) {
  const svg = shape("svg", { viewBox: "0 0 44 44", "aria-hidden": "true" });
  svg.append(shape("circle", { cx: 22, cy: 22, r: 21, class: "ground" }));
  const parts = counts.filter(Boolean).length;
  let begin = 0;
  counts.forEach((count, index) => {
    if (!count) return;
    const share = (100 * count) / total;
    const length = parts > 1 ? Math.max(share - GAP, 1) : 100;
    svg.append(shape("circle", {
      cx: 22, cy: 22, r: 18, pathLength: 100, class: `part group-${GROUPS[index]}`,
      "stroke-dasharray": `${length} ${100 - length}`, "stroke-dashoffset": -begin, transform: "rotate(-90 22 22)",
    }));
    begin += share;
  });
  return svg;
}

/** A marker for many tickets; `counts` by status group as in GROUPS. */
export function cluster(L, { lat, lon, counts, words }) {
  const total = counts.reduce((sum, count) => sum + count);
  const size = SMALLEST + Math.min(20, 5 * Math.floor(Math.log10(total)));
  const box = document.createElement("span");
  box.className = "cluster";
  const number = document.createElement("span");
  number.textContent = numbers.format(total);
  number.classList.toggle("long", number.textContent.length > 3);
  box.append(ring(counts, total), number);
  const marker = L.marker([lat, lon], {
    icon: L.divIcon({ html: box, className: "cluster-place", iconSize: [size, size] }),
    title: words,
    alt: words,
    keyboard: true,
  });
  marker.on("add", () => {
    marker.getElement().setAttribute("aria-label", words);
    marker.getElement().setAttribute("role", "button");
  });
  return marker;
}
