// One tab, one stream, but never many: over plain HTTP a browser opens six connections to a host, and six tabs
// with a stream each would leave none for pages. A hidden tab lets its stream go; one of them keeps it, for toasts.
// The stream and what asks with [data-age] say how long ago this page was asked for: changes since then are news to it.
(() => {
  const HIDDEN_FOR = 20_000;
  const LOCK = "leadflow-stream";
  const age = () => Math.round(performance.now());

  class Stream extends EventTarget {
    #source = null;
    #names = new Set();
    #forward = (event) => this.dispatchEvent(new MessageEvent(event.type, { data: event.data }));

    constructor(url) {
      super();
      this.url = url;
      this.resume();
    }

    get readyState() {
      return this.#source.readyState;
    }

    addEventListener(name, listener, options) {
      super.addEventListener(name, listener, options);
      if (this.#names.has(name)) return;
      this.#names.add(name);
      this.#source.addEventListener(name, this.#forward);
    }

    resume() {
      const url = new URL(this.url, location.href);
      url.searchParams.set("age", age());
      this.#source = new EventSource(url);
      this.#source.onopen = (event) => this.onopen?.(event);
      this.#source.onerror = (event) => this.onerror?.(event);
      for (const name of this.#names) this.#source.addEventListener(name, this.#forward);
    }

    close() {
      this.#source.close();
    }
  }

  let stream = null;
  let resting = false;
  let timer = 0;
  let keeper = null;

  function rest() {
    resting = true;
    stream?.close();
    document.dispatchEvent(new CustomEvent("stream-resting"));
  }

  // The first hidden tab that asks keeps its stream until it is seen again.
  function hide() {
    navigator.locks?.request(LOCK, { ifAvailable: true }, (lock) => {
      if (!document.hidden) return undefined;
      if (lock) return new Promise((release) => { keeper = release; });
      return rest();
    });
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    if (document.hidden) {
      timer = setTimeout(hide, HIDDEN_FOR);
      return;
    }
    keeper?.();
    keeper = null;
    if (resting) stream?.resume();
    resting = false;
  });
  window.addEventListener("online", () => {
    if (stream?.readyState === EventSource.OPEN) document.dispatchEvent(new CustomEvent("sse:resync"));
  });

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.elt.hasAttribute("data-age")) detail.parameters.age = age();
  });

  htmx.createEventSource = (url) => (stream = new Stream(url));
})();
