// Remembers on this device, and nowhere else, which reports were made with it.

const KEY = "own-reports";

function remembered() {
  try {
    const reports = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(reports) ? reports.filter((report) => /^\/meine\/[\w-]{43}$/.test(report.path)) : [];
  } catch {
    return [];
  }
}

function keep(reports) {
  try {
    localStorage.setItem(KEY, JSON.stringify(reports));
  } catch {
    // Private windows keep nothing; the link on the page still works.
  }
}

const own = document.querySelector("[data-own-report]");
if (own) {
  const { ownReport: path, number, category, day } = own.dataset;
  keep([{ path, number, category, day }, ...remembered().filter((report) => report.path !== path)].slice(0, 100));
}

const list = document.getElementById("own-reports");
if (list) show();

function show() {
  const reports = remembered();
  document.getElementById("own-empty").hidden = reports.length > 0;
  list.replaceChildren(...reports.map(card));
}

function card(report) {
  const item = document.createElement("li");
  item.className = "card";
  const link = document.createElement("a");
  link.href = report.path;
  link.className = "tap";
  link.textContent = list.dataset.number.replace("{n}", report.number);
  const words = document.createElement("p");
  words.textContent = `${report.category} · ${report.day}`;
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "button quiet";
  forget.textContent = list.dataset.forget;
  forget.addEventListener("click", () => {
    keep(remembered().filter((other) => other.path !== report.path));
    show();
  });
  const heading = document.createElement("h2");
  heading.append(link);
  item.append(heading, words, forget);
  return item;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value);
    button.querySelector("span").textContent = button.dataset.done;
    document.querySelector("[data-copied]").textContent = button.dataset.done;
  });
}
