// The keyboard: "/" search, "g" + letter to go, j/k/Enter on rows, "?" help, and the page's own [data-key] buttons.
(() => {
  let going = 0;
  const typing = (element) => element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("[data-rows] [data-href]")].filter((row) => row.offsetParent);

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.classList.contains("row-at"));
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("row-at", row === next));
    next.scrollIntoView({ block: "nearest" });
    next.querySelector("a")?.focus({ preventScroll: true });
  }

  function open(row, aside) {
    if (!row) return;
    if (aside) window.open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
  }

  function search() {
    const box = document.querySelector("[data-search]");
    if (box?.offsetParent) box.select();
    else document.getElementById("palette")?.showModal();
  }

  const actions = {
    "/": search,
    "?": () => {
      listPageKeys();
      document.getElementById("keys")?.showModal();
    },
    j: () => step(1),
    k: () => step(-1),
    g: () => { going = Date.now(); },
  };

  function go(letter) {
    going = 0;
    document.querySelector(`[data-go="${CSS.escape(letter)}"]`)?.click();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const own = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (Date.now() - going < 1200) go(event.key.toLowerCase());
    else if (event.key === "Enter" && !event.target.closest("a, button, summary")) open(document.querySelector(".row-at"));
    else if (actions[event.key]) actions[event.key]();
    else if (own) own.click();
    else return;
    if (event.key !== "Enter") event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-rows] [data-href]");
    if (!row || event.target.closest("a, button, input, label, select, summary") || String(getSelection())) return;
    open(row, event.ctrlKey || event.metaKey);
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-open='keys']")) return;
    listPageKeys();
  });

  function listPageKeys() {
    const list = document.querySelector("[data-page-keys]");
    list?.replaceChildren(...[...document.querySelectorAll("[data-key]")].map((button) => {
      const line = document.createElement("div");
      const key = Object.assign(document.createElement("kbd"), { textContent: button.dataset.key.toUpperCase() });
      const term = document.createElement("dt");
      term.append(key);
      line.append(term, Object.assign(document.createElement("dd"), { textContent: button.getAttribute("aria-label") || button.textContent.trim() }));
      return line;
    }));
  }
})();
