const PATIENCE_MS = 6000;

/** A button that asks back once, in its own words from `data-sure`, before it does what cannot be undone. */
export function askFirst(button, act) {
  const words = button.textContent;
  const calm = () => {
    delete button.dataset.asked;
    button.textContent = words;
  };
  button.addEventListener("click", () => {
    if (button.dataset.asked) {
      button.disabled = true;
      act();
      return;
    }
    button.dataset.asked = "yes";
    button.textContent = button.dataset.sure;
    setTimeout(() => button.isConnected && !button.disabled && calm(), PATIENCE_MS);
  });
  button.addEventListener("blur", () => !button.disabled && calm());
}
