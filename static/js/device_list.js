// Remembers on this device, and nowhere else, which reports were made with it.

const KEY = "own-reports";
const MOST = 100;

/** The reports of this device, the newest first: `{path, number, category, day}`. */
export function remembered() {
  try {
    const reports = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(reports) ? reports.filter((report) => /^\/meine\/[\w-]{43}$/.test(report.path)) : [];
  } catch {
    return [];
  }
}

export function keepList(reports) {
  try {
    localStorage.setItem(KEY, JSON.stringify(reports.slice(0, MOST)));
  } catch {
    // Private windows keep nothing; the link on the page still works.
  }
}

/** Puts reports that have just arrived on top. */
export function remember(entries) {
  const fresh = entries.map(({ path, number, category, createdAt, isFirst, day }) => (
    { path, number, category, day: day || dayOf(createdAt), isFirst }));
  const paths = fresh.map(({ path }) => path);
  keepList([...fresh, ...remembered().filter(({ path }) => !paths.includes(path))]);
}

export function dayOf(createdAt) {
  const { lang } = document.documentElement;
  return new Date(createdAt).toLocaleDateString(lang.slice(0, 2) || "de", { day: "numeric", month: "long", year: "numeric" });
}
