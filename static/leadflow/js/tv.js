// A screen turns its slides by itself and keeps its place when the figures come anew.
(() => {
  const EACH = 15_000;
  let at = 0;
  const slides = () => [...document.querySelectorAll("[data-slide]")];

  function show() {
    const all = slides();
    all.forEach((slide, index) => slide.classList.toggle("shown", index === at % all.length));
    window.dispatchEvent(new Event("resize"));
  }

  setInterval(() => { at += 1; show(); }, EACH);
  document.addEventListener("htmx:load", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") at += 1;
    else if (event.key === "ArrowLeft") at = Math.max(0, at - 1);
    else return;
    show();
  });
  show();
})();
