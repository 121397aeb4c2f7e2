// Countdowns ([data-due]) and relative times ([data-ago]) that keep moving between two visits of the server.
(() => {
  const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const amount = (name, count) => fill(words[name], { number: count.toLocaleString(document.documentElement.lang) });

  function span(seconds, parts) {
    const at = UNITS.findIndex(([, size]) => seconds >= size);
    if (at < 0) return amount("second", 0);
    const [name, size] = UNITS[at];
    const rest = Math.floor((seconds % size) / (UNITS[at + 1]?.[1] || 1));
    const second = parts > 1 && name !== "minute" && name !== "second" && rest;
    return amount(name, Math.floor(seconds / size)) + (second ? ` ${amount(UNITS[at + 1][0], rest)}` : "");
  }

  function countdown(badge, now) {
    const left = Math.floor((Date.parse(badge.dataset.due) - now) / 1000);
    const warned = badge.dataset.warn && now >= Date.parse(badge.dataset.warn);
    const state = left < 0 ? "breached" : warned || badge.classList.contains("sla-warning") ? "warning" : "ok";
    badge.classList.remove("sla-ok", "sla-warning", "sla-breached");
    badge.classList.add(`sla-${state}`);
    write(badge.querySelector("[data-countdown]"), fill(left < 0 ? words.late : words.left, { span: span(Math.abs(left), 2) }));
  }

  function relative(time, now) {
    const past = Math.floor((now - Date.parse(time.dateTime)) / 1000);
    if (Math.abs(past) >= 30 * 86400) return;
    const text = Math.abs(past) < 60 ? words.now : fill(past > 0 ? words.past : words.future, { span: span(Math.abs(past), 1) });
    write(time, text);
  }

  function write(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }

  function tick() {
    const now = Date.now();
    document.querySelectorAll("[data-due]").forEach((badge) => countdown(badge, now));
    document.querySelectorAll("time[data-ago]").forEach((time) => relative(time, now));
  }

  if (!words.now) return;
  setInterval(tick, 1000);
  document.addEventListener("htmx:load", tick);
  tick();
})();
