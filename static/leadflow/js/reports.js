// Keeps the blocks of a report fresh: at once when something changes, then at most once a second, and never missing the last change.
// A block out of sight waits until it comes into view; one whose menu is open waits until it is closed.
(() => {
  const PAUSE = 1000;
  const inView = new Set();
  let resting = false;
  let again = false;

  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      inView[isIntersecting ? "add" : "delete"](target);
      if (isIntersecting) fetchStale(target);
    }
  }, { rootMargin: "200px" });
  const blocks = () => document.querySelectorAll("[data-report-block]");

  function fetchStale(block) {
    if (!block.dataset.stale || !inView.has(block) || block.querySelector(".dropdown-menu.show")) return;
    delete block.dataset.stale;
    htmx.trigger(block, "refresh");
  }

  function changed() {
    blocks().forEach((block) => { block.dataset.stale = "1"; });
    if (resting) {
      again = true;
      return;
    }
    resting = true;
    again = false;
    blocks().forEach(fetchStale);
    setTimeout(() => {
      resting = false;
      if (again) changed();
    }, PAUSE);
  }

  // The tables a person has opened stay open, and what was scrolled stays where it was.
  const state = new Map();
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    if (!target.matches("[data-report-block]")) return;
    state.set(target.id, {
      open: [...target.querySelectorAll("details")].map((part) => part.open),
      scroll: [...target.querySelectorAll(".table-responsive, .report-fold")].map((part) => [part.scrollLeft, part.scrollTop]),
    });
  });
  document.addEventListener("htmx:load", ({ target }) => {
    if (!target.matches?.("[data-report-block]")) return;
    const before = state.get(target.id);
    target.querySelectorAll("details").forEach((part, index) => { part.open = before?.open[index] ?? false; });
    target.querySelectorAll(".table-responsive, .report-fold").forEach((part, index) => part.scrollTo(...(before?.scroll[index] ?? [0, 0])));
    seen.observe(target);
  });
  document.addEventListener("hidden.bs.dropdown", ({ target }) => {
    const block = target.closest("[data-report-block]");
    if (block) fetchStale(block);
  });
  document.addEventListener("sse:dashboard", changed);
  blocks().forEach((block) => seen.observe(block));
})();
document.addEventListener("click", ({ target }) => target.closest("[data-print]") && window.print());
