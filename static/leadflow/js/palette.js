// Ctrl-K: leads, pages and actions in one box; accents do not matter.
(() => {
  const palette = document.getElementById("palette");
  const input = palette?.querySelector("[data-palette]");
  if (!input) return;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase().trim();
  const items = () => [...palette.querySelectorAll(".palette-item")].filter((item) => item.offsetParent);

  function mark(index) {
    const shown = items();
    shown.forEach((item, at) => item.classList.toggle("at", at === index));
    shown[index]?.scrollIntoView({ block: "nearest" });
  }

  function narrow() {
    const words = fold(input.value);
    for (const line of palette.querySelectorAll(":scope > .palette-list > li")) {
      line.hidden = line.hasAttribute("data-always") ? !words : !fold(line.textContent).includes(words);
    }
    const shown = palette.querySelector("[data-palette-words]");
    if (shown) shown.textContent = input.value.trim();
    mark(0);
  }

  input.addEventListener("input", narrow);
  palette.addEventListener("htmx:afterSwap", () => mark(0));
  palette.addEventListener("close", () => { input.value = ""; narrow(); });
  palette.addEventListener("keydown", (event) => {
    const shown = items();
    const at = shown.findIndex((item) => item.classList.contains("at"));
    if (event.key === "ArrowDown") mark(Math.min(at + 1, shown.length - 1));
    else if (event.key === "ArrowUp") mark(Math.max(at - 1, 0));
    else if (event.key === "Enter" && shown[at]) shown[at].click();
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!palette.open) palette.showModal();
    input.focus();
    mark(0);
  });
})();
