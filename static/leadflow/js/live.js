// The live badge tells the truth about the stream, and what was missed while it was lost is fetched again.
(() => {
  let lost = false;

  function say(state) {
    for (const badge of document.querySelectorAll("[data-live]")) {
      if (badge.dataset.live !== state) badge.dataset.live = state;
    }
    document.body.dataset.stream = state;
  }

  // The stream is open but the server itself has become deaf, or hears again (it then says what to ask for).
  const deaf = () => say("lost");
  const hears = () => say("open");

  document.addEventListener("htmx:sseOpen", (event) => {
    say("open");
    event.detail.source.addEventListener("lost", deaf);
    event.detail.source.addEventListener("resync", hears);
    if (lost) refresh();
    lost = false;
  });
  for (const name of ["htmx:sseError", "htmx:sseClose"]) {
    document.addEventListener(name, () => {
      lost = true;
      say("lost");
    });
  }
  window.addEventListener("offline", () => {
    lost = true;
    say("lost");
  });

  // Everything on the page that follows the stream asks once, as if its event had come.
  function refresh() {
    for (const element of document.querySelectorAll("[hx-trigger*='sse:']")) {
      const name = element.getAttribute("hx-trigger").match(/sse:[\w-]+/)[0];
      if (name !== "sse:toast") htmx.trigger(element, name);
    }
  }

  document.addEventListener("htmx:load", () => say(document.body.dataset.stream || "waiting"));
})();
