// Short messages: on the page as it comes, from an answer's HX-Trigger header, or swapped in when the stream says so.
(() => {
  const STAY = 6000;
  const words = () => JSON.parse(document.getElementById("words")?.textContent || "{}");
  const region = () => document.getElementById("toasts");

  function fade(card) {
    if (card.hasAttribute("data-stay")) return;
    let timer = setTimeout(() => card.remove(), STAY);
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", () => { timer = setTimeout(() => card.remove(), STAY / 2); });
  }

  function link(href, text) {
    const anchor = document.createElement("a");
    anchor.href = new URL(href, location.href).href;
    anchor.textContent = text;
    return anchor;
  }

  function undoButton(url, card) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words().undo;
    button.addEventListener("click", () => {
      htmx.ajax("POST", url, { swap: "none" });
      card.remove();
    });
    return button;
  }

  function show({ level = "info", title = "", text = "", href = "", action = "", undo = "" }) {
    const template = document.querySelector(`template[data-toast-template="${CSS.escape(level)}"]`);
    if (!template || !region()) return;
    const card = template.content.firstElementChild.cloneNode(true);
    const place = card.querySelector(".toast-words");
    place.replaceChildren();
    for (const [tag, content] of [["strong", title], ["span", text]]) {
      if (content) place.append(Object.assign(document.createElement(tag), { textContent: content }));
    }
    if (href && new URL(href, location.href).origin === location.origin) place.append(link(href, action || words().open));
    if (undo) place.append(undoButton(undo, card));
    region().append(card);
  }

  document.addEventListener("toast", (event) => show(event.detail.value ? { text: event.detail.value } : event.detail));
  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove());
  document.addEventListener("DOMContentLoaded", () => {
    for (const card of region()?.querySelectorAll("[data-toast]") || []) fade(card);
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes])) {
        if (node.matches?.("[data-toast]")) fade(node);
      }
    }).observe(region() || document.createElement("div"), { childList: true });
  });
})();
