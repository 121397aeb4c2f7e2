// A field edited in its place: Escape leaves it as it was.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest?.("form[data-inline]")?.querySelector("[data-cancel]")?.click();
});
