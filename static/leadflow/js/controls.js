// Small states of the page: numbers to copy, the bell's count in the title, and Alpine's own pieces.
(() => {
  const words = () => JSON.parse(document.getElementById("words")?.textContent || "{}");
  const touch = window.matchMedia("(pointer: coarse)");

  document.addEventListener("click", async (event) => {
    const source = event.target.closest("[data-copy]");
    if (!source || (source.href && touch.matches)) return;
    event.preventDefault();
    await navigator.clipboard?.writeText(source.dataset.copy);
    const text = words().copied.replace("{text}", source.dataset.copy);
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { level: "success", text }, bubbles: true }));
  });

  const plain = document.title;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.target.matches?.("[data-count]")) return;
    const count = event.target.textContent.trim();
    document.title = count ? `(${count}) ${plain}` : plain;
  });
})();
