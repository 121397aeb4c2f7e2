// The board: cards go to another column by drag, by keyboard (Shift with an arrow), or by their button.
// The server decides. What it refuses snaps back; what needs a reason or an amount is asked first.
(() => {
  const board = document.querySelector("[data-board]");
  if (!board) return;
  const may = board.dataset.board === "moves";
  let dragging = false;

  function arm() {
    if (!may || !window.Sortable) return;
    for (const list of board.querySelectorAll("[data-column]:not([data-armed])")) {
      list.dataset.armed = "";
      window.Sortable.create(list, {
        group: "board",
        draggable: ".board-card",
        filter: ".board-more, .board-next",
        preventOnFilter: false,
        animation: 140,
        delay: 180,
        delayOnTouchOnly: true,
        sort: false,
        ghostClass: "board-ghost",
        onStart: () => { dragging = true; board.classList.add("board-dragging"); },
        onEnd: (event) => {
          dragging = false;
          board.classList.remove("board-dragging");
          if (event.from !== event.to) move(event.item, event.to, () => event.from.insertBefore(event.item, event.from.children[event.oldIndex] || null));
        },
      });
    }
  }

  async function move(card, column, back) {
    const url = `/board/${card.dataset.card}/${column.dataset.column}/`;
    card.classList.add("board-busy");
    const before = (event) => { if (event.detail.xhr?.status !== 204) back(); };
    card.addEventListener("htmx:afterRequest", before, { once: true });
    await htmx.ajax("POST", url, { source: card, target: card, swap: "none" }).catch(() => {});
    card.classList.remove("board-busy");
  }

  document.body.addEventListener("board-asks", (event) => htmx.ajax("GET", event.detail.url, { target: "#dialogs", swap: "innerHTML" }));
  // A live reload waits while a card is in the air.
  document.addEventListener("htmx:oobBeforeSwap", (event) => { if (dragging) event.preventDefault(); });
  document.addEventListener("htmx:oobAfterSwap", arm);
  document.addEventListener("htmx:load", arm);

  const columns = () => [...board.querySelectorAll("[data-column]")];
  const cards = (column) => [...column.querySelectorAll(".board-card")];

  function focus(card) {
    card?.focus();
    card?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  function beside(card, by) {
    const all = columns();
    const row = cards(card.parentElement).indexOf(card);
    for (let at = all.indexOf(card.parentElement) + by; all[at]; at += by) {
      const found = cards(all[at]);
      if (found.length) return found[Math.min(row, found.length - 1)];
    }
    return null;
  }

  const keys = {
    ArrowDown: (card) => focus(cards(card.parentElement)[cards(card.parentElement).indexOf(card) + 1]),
    ArrowUp: (card) => focus(cards(card.parentElement)[cards(card.parentElement).indexOf(card) - 1]),
    ArrowLeft: (card) => focus(beside(card, -1)),
    ArrowRight: (card) => focus(beside(card, 1)),
    Enter: (card) => card.querySelector("a").click(),
    m: (card) => card.querySelector(".board-more")?.click(),
  };

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest(".board-card");
    if (!card || event.target !== card || event.ctrlKey || event.metaKey || event.altKey) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.shiftKey && by && may) {
      const to = columns()[columns().indexOf(card.parentElement) + by];
      const place = card.nextSibling;
      const from = card.parentElement;
      if (to) {
        to.prepend(card);
        card.focus();
        move(card, to, () => { from.insertBefore(card, place); card.focus(); });
      }
    } else if (keys[event.key] && !event.shiftKey) keys[event.key](card);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  arm();
})();
