// Remembers on this device that this report was made with it.

import { remember, remembered } from "./device_list.js";

const own = document.querySelector("[data-own-report]");
if (own) {
  const { ownReport: path, number, category, day } = own.dataset;
  const before = remembered().find((report) => report.path === path);
  document.getElementById("first-version").hidden = !before?.isFirst;
  remember([{ path, number, category, day }]);
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
