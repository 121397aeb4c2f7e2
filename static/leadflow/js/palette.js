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

  // What this page can do stands in its buttons with a key of their own: each is an action here too.
  function gather() {
    for (const old of palette.querySelectorAll("[data-action]")) old.remove();
    const template = palette.querySelector("[data-palette-action]");
    const list = palette.querySelector(":scope > .palette-list");
    const buttons = [...document.querySelectorAll("[data-key]")].filter((button) => button.offsetParent && !button.disabled);
    list.prepend(...buttons.map((button) => {
      const line = template.content.firstElementChild.cloneNode(true);
      line.querySelector("span").textContent = button.getAttribute("aria-label") || button.textContent.trim();
      line.querySelector("kbd").textContent = button.dataset.key.toUpperCase();
      line.querySelector("button").addEventListener("click", () => {
        palette.close();
        button.click();
      });
      return line;
    }));
  }

  document.addEventListener("click", (event) => event.target.closest("[data-open='palette']") && gather());
  input.addEventListener("input", narrow);
  palette.addEventListener("htmx:afterSwap", () => mark(0));
  palette.addEventListener("close", () => { input.value = ""; narrow(); });
  palette.addEventListener("keydown", (event) => {
    const shown = items();
    const at = shown.findIndex((item) => item.classList.contains("at"));
    if (event.key === "ArrowDown") mark(Math.min(at + 1, shown.length - 1));
    else if (event.key === "ArrowUp") mark(Math.max(at - 1, 0));
    else if (event.key === "Enter" && shown[at]) shown[at].click();
    else if (event.key === "Escape") palette.close(); // a search field would only empty itself
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (!palette.open) {
      gather();
      palette.showModal();
    }
    input.focus();
    mark(0);
  });
})();
