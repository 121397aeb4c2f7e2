// Nothing typed is lost: refused answers stay on the page, and drafts survive a reload of this tab.
(() => {
  const words = () => JSON.parse(document.getElementById("words")?.textContent || "{}");
  const say = (detail) => document.body.dispatchEvent(new CustomEvent("toast", { detail, bubbles: true }));
  const isLogin = (url) => url && new URL(url, location.href).pathname.startsWith("/accounts/login");

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (isLogin(xhr.responseURL)) {
      event.detail.shouldSwap = false;
      say({ level: "error", text: words().session, href: location.href, action: words().login });
    } else if (xhr.status === 422 || (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget"))) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr, requestConfig } = event.detail;
    if (requestConfig.verb !== "get" && !/toast/.test(xhr.getResponseHeader("HX-Trigger") || "")) say({ level: "error", text: words().refused });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (event.detail.requestConfig?.verb !== "get") say({ level: "error", text: words().offline });
    });
  }

  // Fields that only matter for some answers: data-show-when="outcome=callback|busy".
  function reveal(root) {
    for (const part of root.querySelectorAll("[data-show-when]")) {
      const [name, values] = part.dataset.showWhen.split("=");
      const form = part.closest("form");
      const chosen = form ? new FormData(form).getAll(name) : [];
      part.hidden = !chosen.some((value) => values.split("|").includes(value));
    }
  }

  // What one person typed is not shown to the next who logs in on this tab.
  const PERSON = "leadflow-person";
  const { person } = document.body.dataset;
  if (person && sessionStorage.getItem(PERSON) !== person) {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith("leadflow-")) sessionStorage.removeItem(key);
    }
    sessionStorage.setItem(PERSON, person);
  }

  const draft = (form) => `leadflow-draft-${form.dataset.keep}`;
  const keeps = (element) => element.name && !["hidden", "password", "file", "submit"].includes(element.type);
  const read = (element) => (["checkbox", "radio"].includes(element.type) ? element.checked : element.value);

  function remember(form) {
    const values = [...form.elements].filter(keeps).map((element) => [element.name, element.value, read(element)]);
    sessionStorage.setItem(draft(form), JSON.stringify(values));
  }

  function bringBack(form) {
    for (const [name, value, state] of JSON.parse(sessionStorage.getItem(draft(form)) || "[]")) {
      const found = [...form.elements].filter((element) => element.name === name && keeps(element));
      for (const element of found) {
        if (["checkbox", "radio"].includes(element.type)) {
          if (element.value === value) element.checked = state;
        } else if (!element.value) element.value = state;
      }
    }
  }

  // Where an answer was refused the reader is taken to the first field that is wrong, however far away it is.
  function toWrong(root) {
    const wrong = root.querySelector(".field-wrong :is(input, select, textarea):not([type=hidden])");
    wrong?.scrollIntoView({ block: "center" });
    wrong?.focus({ preventScroll: true });
  }

  function ready(root) {
    for (const form of root.querySelectorAll("form[data-keep]")) bringBack(form);
    reveal(root);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form");
    if (form?.dataset.keep) remember(form);
  });
  document.addEventListener("change", (event) => {
    reveal(document);
    const form = event.target.closest?.("form[data-autosubmit]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form[data-keep]");
    if (form && event.detail.xhr.status < 400 && event.detail.requestConfig.verb !== "get") sessionStorage.removeItem(draft(form));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form && !form.matches("[hx-post]")) sessionStorage.removeItem(draft(form));
    const empty = event.target.matches("form[method=get]") ? [...event.target.elements].filter((e) => e.name && !e.value && !e.disabled) : [];
    for (const element of empty) element.disabled = true;
    setTimeout(() => empty.forEach((element) => { element.disabled = false; }));
  });
  document.addEventListener("DOMContentLoaded", () => {
    ready(document);
    toWrong(document);
  });
  document.addEventListener("htmx:load", (event) => {
    ready(event.detail.elt.parentElement || document);
    toWrong(event.detail.elt);
  });
})();
