// The live badge tells the truth about the stream, and what was missed while it was lost is fetched again.
// The stream says `ready` once it hears, `lost` when the server itself has gone deaf, `resync` when it hears again.
(() => {
  let missed = false;

  function say(state) {
    document.body.dataset.stream = state;
    for (const badge of document.querySelectorAll("[data-live]")) {
      if (badge.dataset.live !== state) badge.dataset.live = state;
    }
  }

  function lost() {
    missed = true;
    say("lost");
  }

  function hears() {
    say("open");
    if (missed) refresh();
    missed = false;
  }

  // Everything on the page that follows the stream asks once, as if its event had come.
  function refresh() {
    for (const element of document.querySelectorAll("[hx-get][hx-trigger*='sse:']")) {
      htmx.trigger(element, element.getAttribute("hx-trigger").match(/sse:[\w-]+/)[0]);
    }
  }

  for (const name of ["sse:ready", "sse:resync"]) document.addEventListener(name, hears);
  for (const name of ["sse:lost", "stream-resting", "htmx:sseError", "htmx:sseClose"]) document.addEventListener(name, lost);
  window.addEventListener("offline", lost);
  document.addEventListener("htmx:load", () => say(document.body.dataset.stream || "waiting"));
})();
