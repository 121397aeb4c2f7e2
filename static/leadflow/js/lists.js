// The lead list: choosing rows for a bulk act, copying a link, the order of columns, long lists of choices.
(() => {
  const picked = new Set();
  let matching = false;
  let last = null;
  const list = () => document.getElementById("lead-list");
  const bar = () => document.querySelector("[data-bulk-bar]");
  const boxes = () => [...(list()?.querySelectorAll("[data-pick]") || [])];
  const words = () => JSON.parse(document.getElementById("words")?.textContent || "{}");
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().trim();

  function show() {
    const all = boxes();
    for (const box of all) box.checked = matching || picked.has(box.dataset.pick);
    const head = list()?.querySelector("[data-pick-all]");
    const on = all.filter((box) => box.checked).length;
    if (head) {
      head.checked = on > 0 && on === all.length;
      head.indeterminate = on > 0 && on < all.length;
    }
    const total = Number(list()?.dataset.total || 0);
    if (!bar()) return;
    bar().hidden = !matching && !picked.size;
    bar().querySelector("[data-picked]").textContent = (matching ? total : picked.size).toLocaleString(document.documentElement.lang);
    const more = bar().querySelector("[data-pick-matching]");
    more.hidden = matching || !all.length || on < all.length || total <= picked.size;
  }

  function pick(box, on) {
    if (on) picked.add(box.dataset.pick);
    else picked.delete(box.dataset.pick);
  }

  function unpick() {
    picked.clear();
    matching = false;
    show();
  }

  // With Shift, everything between the last box and this one goes along.
  function pickTo(box, wide) {
    if (matching) {
      matching = false;
      picked.clear();
      for (const other of boxes()) pick(other, other !== box);
    }
    const all = boxes();
    const ends = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    const range = wide && ends[0] >= 0 ? all.slice(ends[0], ends[1] + 1) : [box];
    for (const each of range) pick(each, box.checked);
    last = box;
    show();
  }

  function ask(url, chosen) {
    const query = bar()?.dataset.query || "";
    const values = chosen ? { ids: [...picked].join(",") } : { all: "1", query };
    htmx.ajax("GET", url, { target: "#dialogs", swap: "innerHTML", values: { query, ...values } });
  }

  document.addEventListener("click", async (event) => {
    const box = event.target.closest("[data-pick]");
    if (box) return pickTo(box, event.shiftKey);
    if (event.target.closest("[data-pick-all]")) {
      matching = false;
      for (const each of boxes()) pick(each, event.target.checked);
      return show();
    }
    if (event.target.closest("[data-pick-matching]")) {
      matching = true;
      return show();
    }
    if (event.target.closest("[data-unpick]")) return unpick();
    const act = event.target.closest("[data-bulk], [data-export]");
    if (act?.dataset.bulk) return ask(act.dataset.bulk, !matching);
    if (act) return ask(act.dataset.export, false);
    if (event.target.closest("[data-share]")) return share();
    const step = event.target.closest("[data-up], [data-down]");
    if (step) move(step);
    return undefined;
  });

  // A link shows a colleague the same list: the columns one sees go along.
  async function share() {
    const url = new URL(location.href);
    url.searchParams.delete("cursor");
    if (!url.searchParams.has("columns")) url.searchParams.set("columns", list()?.dataset.columns || "");
    await navigator.clipboard?.writeText(url.href);
    const text = words().copied.replace("{text}", url.href);
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { level: "success", text }, bubbles: true }));
  }

  function move(button) {
    const line = button.closest("li");
    if (button.hasAttribute("data-up")) line.previousElementSibling?.querySelector("[data-up]") && line.previousElementSibling.before(line);
    else line.nextElementSibling?.after(line);
    button.focus();
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const wanted = fold(event.target.value);
    for (const choice of event.target.parentElement.querySelectorAll(".filter-choices > label")) {
      choice.hidden = !fold(choice.textContent).includes(wanted);
    }
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
    if (event.ctrlKey || event.metaKey || event.altKey || typing || event.key !== "x") return;
    document.querySelector("tr.row-at [data-pick]")?.click();
  });

  document.addEventListener("selection-done", unpick);
  document.addEventListener("htmx:load", (event) => event.detail.elt.id === "lead-list" && show());
  document.addEventListener("DOMContentLoaded", show);
})();
