const PATIENCE_MS = 6000;

/** A button that asks back once, in its own words from `data-sure`, before it does what cannot be undone. */
export function askFirst(button, act) {
  const words = button.textContent;
  let isAsked = false;
  let isDone = false;
  const say = (isQuestion) => {
    if (isDone) return;
    isAsked = isQuestion;
    button.textContent = isQuestion ? button.dataset.sure : words;
  };
  button.addEventListener("click", () => {
    if (isDone) return;
    if (!isAsked) {
      say(true);
      setTimeout(say, PATIENCE_MS, false);
      return;
    }
    isDone = true;
    button.setAttribute("aria-disabled", "true"); // stays where the focus is
    act();
  });
  button.addEventListener("blur", () => say(false));
}
