// A form is sent once however often one clicks; what was sent after the login had lapsed is back after logging in.
(() => {
  const KEY = "leadflow-sent";
  const AGAIN = 4000; // milliseconds: an answer that leaves the page where it is, such as a file, may be asked for anew
  const entrance = () => location.pathname.startsWith("/accounts/") || document.querySelector("[data-lapsed]");
  const here = () => location.pathname + location.search;
  const goal = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname;
  const keeps = (element) => element.name && !["hidden", "password", "file", "submit"].includes(element.type);
  const chosen = (element) => ["checkbox", "radio"].includes(element.type);
  const fields = (form) => [...form.elements].filter(keeps);
  const words = () => JSON.parse(document.getElementById("words")?.textContent || "{}");

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post") return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, AGAIN);
    if (entrance()) return;
    const values = fields(form).map((element) => [element.name, element.value, chosen(element) ? element.checked : null]);
    sessionStorage.setItem(KEY, JSON.stringify({ page: here(), goal: goal(form), values }));
  });

  function bringBack(form, values) {
    const left = [...values];
    for (const element of fields(form)) {
      const at = left.findIndex(([name, value]) => name === element.name && (!chosen(element) || value === element.value));
      if (at < 0) continue;
      const [[, value, on]] = left.splice(at, 1);
      if (chosen(element)) element.checked = on;
      else element.value = value;
    }
    const dialog = form.closest("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    form.dispatchEvent(new Event("change", { bubbles: true }));
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { level: "info", text: words().kept }, bubbles: true }));
  }

  document.addEventListener("DOMContentLoaded", () => {
    const sent = JSON.parse(sessionStorage.getItem(KEY) || "null");
    if (!sent) return;
    if (entrance()) {
      sessionStorage.setItem(KEY, JSON.stringify({ ...sent, lapsed: true }));
      return;
    }
    sessionStorage.removeItem(KEY);
    if (!sent.lapsed || ![sent.page, sent.goal].includes(here())) return;
    const form = [...document.forms].find((one) => one.getAttribute("method")?.toLowerCase() === "post" && goal(one) === sent.goal && fields(one).length);
    if (form) bringBack(form, sent.values);
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
})();
