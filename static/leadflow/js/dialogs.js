// Native dialogs: [data-open=id] opens, [data-close] closes, [data-auto] opens by itself when it arrives.
(() => {
  const open = (dialog) => dialog && !dialog.open && dialog.showModal();

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) open(document.getElementById(opener.dataset.open));
    const dialog = event.target.closest("dialog");
    if (dialog && (event.target.closest("[data-close]") || outside(dialog, event))) dialog.close();
  });

  function outside(dialog, event) {
    if (event.target !== dialog || !event.clientX) return false;
    const box = dialog.getBoundingClientRect();
    return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
  }

  document.addEventListener("htmx:load", (event) => {
    const { elt } = event.detail;
    open(elt.matches?.("dialog[data-auto]") ? elt : elt.querySelector?.("dialog[data-auto]"));
  });
  document.addEventListener("close-dialog", () => {
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  });
})();
