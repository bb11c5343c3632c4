// Runs before the first paint, so that what only works with scripts is not seen without them, and the other way round.
document.documentElement.classList.add("js");

// The report shows one question at a time from its first paint on; should its script never come, all of them at once.
addEventListener("load", () => {
  const { classList } = document.documentElement;
  if (document.querySelector(".step") && !classList.contains("ready")) classList.remove("js");
});
