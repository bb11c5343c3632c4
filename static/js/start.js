// Runs before the first paint, so that what only works with scripts is not seen without them, and the other way round.
document.documentElement.classList.add("js");
