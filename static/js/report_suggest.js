// Finds categories from what is typed: at once by the words in the page, then by what the city has learnt.

const WAIT_MS = 350; // after the last key, so that the server is asked once a word and not once a letter
const PAINT_MS = 40; // the letter first, then what follows from it
const LEAST_ASKED = 4; // letters
const MOST = 3;
const ENDING = /(?:ern|em|er|en|es|e|s|n)$/;

const fold = (text) => text.toLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/\p{M}/gu, "")
  .replace(/ae/g, "a").replace(/oe/g, "o").replace(/(^|[^aeq])ue/g, "$1u");

function stem(word) {
  const short = word.replace(ENDING, "");
  return short.length >= 4 ? short : word;
}

const stems = (text) => [...new Set((fold(text).match(/\p{L}{2,}/gu) || []).map(stem))];

/** How well a typed word fits one of the catalogue: the same, the end of a compound, within one, or its beginning. */
function fit(word, term, isAlone) {
  if (word === term) return 1;
  if (word.length < (isAlone ? 2 : 4)) return 0; // "ist" is part of many words
  if (term.length >= 5 && word.includes(term)) return 0.7;
  if (term.length === 4 && word.length >= 7 && (word.startsWith(term) || word.endsWith(term))) return 0.7;
  if (term.startsWith(word)) return 0.6;
  if (term.includes(word)) return term.endsWith(word) ? 0.5 : 0.2;
  return 0;
}

/** The choices with their scores, the best first; a word that fits many categories says little about each. */
function rank(entries, text) {
  const sums = new Map();
  const words = stems(text);
  for (const word of words) {
    const best = (entry) => Math.max(0, ...entry.terms.map((term) => fit(word, term, words.length === 1)));
    const fits = entries.map((entry) => [entry, best(entry)]).filter(([, score]) => score > 0);
    for (const [entry, score] of fits) sums.set(entry, (sums.get(entry) || 0) + score / fits.length);
  }
  return [...sums.keys()].sort((a, b) => sums.get(b) - sums.get(a));
}

/** Searches as somebody types: hides what does not fit, and offers the three best above the tiles. */
export function searchCategories(form) {
  const field = document.getElementById("category-search");
  if (!field) return;
  const hints = document.getElementById("category-hints");
  const entries = [...form.querySelectorAll(".tile .choice")].map((choice) => ({
    choice,
    input: choice.querySelector("input"),
    terms: stems(choice.dataset.words),
  }));
  const usual = hints.dataset.usual.split(" ").map((key) => entries.find(({ input }) => input.value === key)).filter(Boolean);
  let timer = 0;
  let drawing = 0;
  let asking = new AbortController();

  function filter(found, text) {
    for (const { choice } of entries) choice.hidden = text !== "" && !found.some((entry) => entry.choice === choice);
    for (const tile of form.querySelectorAll(".tile")) {
      tile.hidden = !tile.querySelector(".choice:not([hidden])");
      if (!tile.matches("details")) continue;
      if (text) tile.removeAttribute("name"); // several tiles may be open while somebody searches
      else tile.setAttribute("name", "group");
      tile.open = text !== "" && !tile.hidden;
    }
    form.querySelector(".tiles").classList.toggle("searching", text !== "");
    const words = found.length ? field.dataset.some.replace("{n}", found.length) : field.dataset.none;
    document.getElementById("search-result").textContent = text ? words : "";
  }

  /** Nothing moves that is the same, nor what somebody has just reached by keyboard. */
  function offer(best, words) {
    const shown = [...hints.children].map((button) => button.value).join();
    if (shown === best.map(({ input }) => input.value).join() || hints.contains(document.activeElement)) return;
    hints.hidden = best.length === 0;
    hints.replaceChildren(...best.map(({ choice, input }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button full";
      button.textContent = words.replace("{category}", choice.textContent.trim());
      button.value = input.value;
      button.setAttribute("aria-pressed", String(input.checked));
      button.addEventListener("click", () => {
        input.checked = true;
        input.dispatchEvent(new Event("change", { bubbles: true }));
      });
      return button;
    }));
  }

  function show(text, learnt = []) {
    const found = rank(entries, text);
    const best = learnt.map((key) => entries.find(({ input }) => input.value === key)).filter(Boolean);
    const all = [...new Set([...best, ...found])];
    filter(all, text);
    if (text) offer(all.slice(0, MOST), hints.dataset.words);
    else offer(usual, "{category}");
  }

  async function ask(text) {
    asking = new AbortController();
    const answer = await fetch(`/api/v1/suggest?text=${encodeURIComponent(text)}`, { signal: asking.signal });
    if (answer.ok) show(text, (await answer.json()).map(({ category }) => category));
  }

  offer(usual, "{category}");
  field.addEventListener("input", () => {
    const text = field.value.trim();
    clearTimeout(timer);
    clearTimeout(drawing);
    asking.abort();
    drawing = setTimeout(show, PAINT_MS, text);
    if (text.length >= LEAST_ASKED) timer = setTimeout(() => ask(text).catch(() => {}), WAIT_MS); // the page's words serve
  });
  form.addEventListener("change", () => {
    for (const button of hints.children) {
      button.setAttribute("aria-pressed", String(form.elements.category.value === button.value));
    }
  });
}
