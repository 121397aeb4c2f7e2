// A note: "@" offers colleagues (Enter or Tab takes the first), Ctrl+Enter saves, and what was saved is cleared.
(() => {
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const wanted = (area) => /(?:^|\s)@([^@\n]{0,30})$/.exec(area.value.slice(0, area.selectionStart));

  function offer(area) {
    const form = area.closest("form[data-note]");
    const list = form.querySelector("[data-people]");
    const found = wanted(area);
    if (found && !list.children.length) list.dispatchEvent(new CustomEvent("mention-people"));
    let shown = 0;
    for (const person of list.children) {
      person.hidden = !found || !plain(person.dataset.mention).includes(plain(found[1])) || shown >= 6;
      if (!person.hidden) shown += 1;
    }
    list.hidden = !found || (list.children.length > 0 && !shown);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("form[data-note] textarea")) offer(event.target);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.matches?.("[data-people]")) offer(event.detail.target.closest("form").querySelector("textarea"));
  });
  document.addEventListener("click", (event) => {
    const person = event.target.closest("[data-mention]");
    if (!person) return;
    const area = person.closest("form").querySelector("textarea");
    const at = area.selectionStart;
    const begin = area.value.slice(0, at).lastIndexOf("@");
    area.setRangeText(`@${person.dataset.mention} `, begin, at, "end");
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    const area = event.target;
    if (!area.matches?.("form[data-note] textarea")) return;
    const list = area.closest("form").querySelector("[data-people]");
    const takes = ["Enter", "Tab"].includes(event.key) && !event.shiftKey && !event.isComposing;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.closest("form").requestSubmit();
    else if (event.key === "Escape") list.hidden = true;
    else if (takes && !list.hidden) {
      const first = [...list.children].find((person) => !person.hidden);
      if (!first) return;
      event.preventDefault();
      first.click();
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form[data-note], form[data-upload]");
    if (form && event.detail.xhr.status === 204) form.reset();
  });
})();
