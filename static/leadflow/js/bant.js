// BANT adds itself up while one answers, and says at once what is still missing to accept.
(() => {
  function count(form) {
    let total = 0;
    for (const points of form.querySelectorAll("[data-bant-points]")) {
      const chosen = form.querySelector(`input[name="${points.dataset.bantPoints}"]:checked`);
      const worth = Number(chosen?.dataset.points || 0);
      points.textContent = worth;
      total += worth;
    }
    const shown = form.closest("section")?.querySelector("[data-bant-total]");
    if (shown) shown.textContent = total;
    lacks(form, total);
  }

  function lacks(form, total) {
    const box = form.querySelector("[data-bant-lacks]");
    if (!box) return;
    let missing = 0;
    for (const item of box.querySelectorAll("[data-lack]")) {
      const name = item.dataset.lack;
      const there = name === "bant" ? total >= Number(form.dataset.bant) : form.querySelector(`input[name="${name}"]:checked`)?.value === "true";
      item.hidden = there;
      missing += there ? 0 : 1;
    }
    box.hidden = !missing;
    const accept = form.querySelector("[data-bant-accept]");
    accept?.classList.toggle("btn-success", !missing);
    accept?.classList.toggle("btn-outline-success", missing > 0);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-bant]");
    if (form) count(form);
  });
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("form[data-bant]").forEach(count));
  document.addEventListener("htmx:load", (event) => {
    for (const form of event.detail.elt.querySelectorAll?.("form[data-bant]") || []) count(form);
  });
})();
