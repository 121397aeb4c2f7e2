// Runs before the first paint, so a dark page never flashes white.
(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const choice = () => localStorage.getItem("leadflow-theme") || "auto";

  function apply() {
    const dark = choice() === "dark" || (choice() === "auto" && device.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    root.style.colorScheme = root.dataset.bsTheme;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice()));
    }
    document.dispatchEvent(new CustomEvent("theme-changed"));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    localStorage.setItem("leadflow-theme", button.dataset.themeChoice);
    apply();
  });
  device.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  document.addEventListener("DOMContentLoaded", apply);
  apply();
})();
