// Staff pages work without this; with it they ask only what the chosen status needs, and send each form once.

function showWhatIsNeeded(form) {
  const chosen = form.querySelector("input[name=status]:checked")?.value ?? "";
  for (const part of form.querySelectorAll("[data-only]")) {
    part.hidden = part.dataset.only !== chosen;
  }
}

for (const form of document.querySelectorAll("[data-status-form]")) {
  form.addEventListener("change", () => showWhatIsNeeded(form));
  showWhatIsNeeded(form);
}

const filters = document.querySelector(".more-filters[data-fold=yes]");
if (filters && matchMedia("(max-width: 63.99rem)").matches) filters.open = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
});

// A page that comes back from the browser's own memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  }
});

document.querySelector("[data-focus]")?.focus();
