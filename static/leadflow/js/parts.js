// Parts of a page reload by themselves without disturbing the person: what is being typed stays, the row one is on
// stays, and what is new shows it.
(() => {
  let live = false;
  let place = null;
  const typing = (element) => element?.matches("input, textarea, select");
  const rows = (root) => [...root.querySelectorAll("[data-rows] tbody tr[data-href]")];

  // A burst of changes reloads a part at once, and once more after it: htmx's own throttle would lose the last change.
  const PAUSES = { lead: 500, user: 500, leads: 2000 };
  const again = {};
  for (const topic of Object.keys(PAUSES)) document.addEventListener(`sse:${topic}`, () => tell(topic));

  function tell(topic) {
    if (topic in again) {
      again[topic] = true;
      return;
    }
    again[topic] = false;
    document.body.dispatchEvent(new CustomEvent(`live-${topic}`));
    setTimeout(() => {
      const missed = again[topic];
      delete again[topic];
      if (missed) tell(topic);
    }, PAUSES[topic]);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[hx-post]");
    if (form) form.dataset.dirty = "";
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    const form = elt.closest?.("form[data-dirty]");
    if (form && xhr.status < 400 && requestConfig.verb !== "get") delete form.dataset.dirty;
  });
  document.addEventListener("click", (event) => {
    const more = event.target.closest("[data-grow]");
    if (more) more.closest("section").dataset.grown = "";
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    live = (requestConfig.triggeringEvent?.type || "").startsWith("live-");
    if (!target.querySelector?.("[data-rows]")) return;
    place = {
      id: target.id,
      at: target.querySelector("tr.row-at")?.dataset.href,
      focused: target.contains(document.activeElement),
      known: new Set(rows(target).map((row) => row.dataset.href)),
    };
  });
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target } = event.detail;
    const busy = live && (target.hasAttribute("data-grown") || (typing(document.activeElement) && target.contains(document.activeElement)));
    if (busy || target.querySelector("form[data-dirty]")) event.preventDefault();
  });
  document.addEventListener("htmx:load", (event) => {
    const { elt } = event.detail;
    if (!place || elt.id !== place.id) return;
    for (const row of rows(elt)) {
      if (row.dataset.href === place.at) {
        row.classList.add("row-at");
        if (place.focused) row.querySelector("a")?.focus({ preventScroll: true });
      }
      if (live && place.known.size && !place.known.has(row.dataset.href)) row.classList.add("row-new");
    }
    place = null;
  });

  // One key acts on the row one is on: data-row-key="c".
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    document.querySelector(`tr.row-at [data-row-key="${CSS.escape(event.key)}"]`)?.click();
  });
})();
