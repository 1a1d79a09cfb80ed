// The custom element <raft-playground>: loads the program once for all elements of the page and gives each its own
// shadow root. Works as a module and as a classic script: `import()` is relative to this file in both.
(() => {
  "use strict";

  const LIVE = ["state", "seed", "speed", "nodes", "writes-per-second", "theme", "lang"];
  // What the address of the page may ask for.
  const ASKED = ["seed", "nodes", "writes-per-second"];
  // What is remembered of what the reader has chosen on the page.
  const REMEMBERED = ["theme", "lang"];

  // Only for what happens before the program is there; everything else it says itself.
  const NOT_LOADED = {
    en: "The playground could not be loaded.",
    zh: "无法加载演练场。",
  };

  const FRAME = `
    :host { display: block }
    :host([hidden]) { display: none }
    .failure {
      margin: 0 0 12px; padding: 12px 16px; border: 1px solid #b0201a; border-radius: 10px;
      background: Canvas; color: CanvasText; font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
    }
    .failure p { margin: 0 }
    .failure button {
      margin-top: 8px; padding: 4px 12px; border: 1px solid; border-radius: 6px;
      background: none; color: inherit; font: inherit;
    }`;

  const elements = new Set();
  let program;
  let sheet;
  // Why the program has stopped for good, and in which words to say so: then nothing starts any more.
  let stopped;

  // One program, one style sheet.
  function load() {
    program ??= import("./web.js").then(async (web) => {
      await web.default();
      sheet = new CSSStyleSheet();
      sheet.replaceSync(web.styleSheet());
      const words = { en: web.stoppedWords("en"), zh: web.stoppedWords("zh") };
      // All elements share the memory that the panic has left in disorder.
      web.onPanic((reason) => {
        stopped = { reason, words };
        for (const element of elements) element.stopped(reason, words);
      });
      return web;
    });
    // Whoever comes later may have more luck.
    program.catch(() => (program = undefined));
    return program;
  }

  // The code of a recording in the address, behind the hash: servers never see it, and it may be long.
  function linked() {
    const code = location.hash.slice(1);
    return /^v\d/.test(code) ? code : null;
  }

  // A page in a sandbox has no storage and may not change its address: then nothing is kept.
  function keep([name, value]) {
    try {
      if (REMEMBERED.includes(name)) {
        localStorage.setItem(`raft-playground-${name}`, value);
      } else {
        if (name === "state" && !linked()) return;
        const address = new URL(location.href);
        if (name === "state") address.hash = value;
        else address.searchParams.set(name, value);
        history.replaceState(history.state, "", address);
      }
    } catch {}
  }

  function remembered(name) {
    try {
      return localStorage.getItem(`raft-playground-${name}`);
    } catch {
      return null;
    }
  }

  function check(name, text, least, most) {
    if (typeof text !== "string") throw new TypeError(`write(key, value): ${name} must be a string.`);
    if (text.length < least || text.length > most) {
      throw new RangeError(`write(key, value): ${name} must have ${least} to ${most} characters, and has ${text.length}.`);
    }
  }

  class RaftPlayground extends HTMLElement {
    static observedAttributes = LIVE;

    #root = this.attachShadow({ mode: "open" });
    #slot = document.createElement("slot");
    #mount = document.createElement("div");
    #playground;
    #starting = false;
    #settle;

    constructor() {
      super();
      this.ready = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
      // Whoever waits is told; whoever does not need not know.
      this.ready.catch(() => {});
      const frame = new CSSStyleSheet();
      frame.replaceSync(FRAME);
      this.#root.adoptedStyleSheets = [frame];
      this.#root.append(this.#slot);
    }

    connectedCallback() {
      elements.add(this);
      if (stopped) this.stopped(stopped.reason, stopped.words);
      else if (this.#playground) this.#playground.connected(true);
      else this.#start();
    }

    disconnectedCallback() {
      elements.delete(this);
      this.#playground?.connected(false);
    }

    attributeChangedCallback(name, before, value) {
      if (!this.#playground || before === value || value === null) return;
      this.#playground.change(name, value);
    }

    async #start() {
      if (this.#starting) return;
      this.#starting = true;
      try {
        const web = await load();
        if (stopped) return;
        this.#root.adoptedStyleSheets = [...this.#root.adoptedStyleSheets, sheet];
        this.#root.append(this.#mount);
        this.#playground = new web.Playground(this.#mount, this.#attributes(), (event, detail) => {
          // Later, so that a listener may call a method: now the program is in the middle of something.
          queueMicrotask(() => this.#tell(event, detail));
        });
        this.#playground.connected(this.isConnected);
        if (this.hasAttribute("full-page")) {
          document.addEventListener("keydown", this.#onPageKey);
          addEventListener("hashchange", () => linked() && this.#playground?.change("state", linked()));
        }
      } catch (reason) {
        this.#starting = false;
        this.#fail([NOT_LOADED[this.#language()]], String(reason));
      }
    }

    #attributes() {
      const fullPage = this.hasAttribute("full-page");
      const attributes = LIVE.map((name) => [name, this.getAttribute(name) ?? undefined]);
      if (fullPage) {
        // Only the page itself may be asked by its address and remembers; an embed never looks there.
        const asked = new URLSearchParams(location.search);
        attributes.push(...REMEMBERED.map((name) => [name, remembered(name)]), ...ASKED.map((name) => [name, asked.get(name)]));
        attributes.push(["state", linked()]);
      }
      const around = this.parentElement?.closest("[lang]")?.lang;
      return {
        // What comes later counts, if it says anything.
        ...Object.fromEntries(attributes.filter(([, value]) => value)),
        languages: fullPage || !around ? [...navigator.languages] : [around, ...navigator.languages],
        autoplay: this.hasAttribute("autoplay"),
        fullPage,
      };
    }

    #language() {
      const asked = this.getAttribute("lang") ?? navigator.language ?? "en";
      return asked.toLowerCase().startsWith("zh") ? "zh" : "en";
    }

    #tell(event, detail) {
      if (event === "lang") {
        this.#speak(detail);
        return;
      }
      if (event === "chosen") {
        if (this.hasAttribute("full-page")) keep(detail);
        return;
      }
      if (event === "ready") {
        this.#slot.remove();
        this.#speak(detail);
        this.#settle.resolve(this);
      }
      this.dispatchEvent(new CustomEvent(`raft-${event}`, { detail, bubbles: true, composed: true }));
    }

    // The page itself takes over the language; a page around an embed keeps its own.
    #speak({ lang, title }) {
      if (!this.hasAttribute("full-page")) return;
      document.documentElement.lang = lang;
      document.title = title;
    }

    // The page itself takes keys before anything has the focus; an embed only while the focus is inside.
    #onPageKey = (event) => {
      const focused = event.target !== document.body && event.target !== document.documentElement;
      if (focused || event.defaultPrevented || !this.isConnected || this.#mount.querySelector("dialog[open]")) return;
      // The event serves as its own description: each of its facts is a property with the same name.
      const again = new KeyboardEvent(event.type, event);
      if (this.#mount.querySelector(".playground")?.dispatchEvent(again) === false) event.preventDefault();
    };

    // What the author has put inside comes back, and above it stands what has happened.
    #fail(lines, reason, button) {
      const panel = document.createElement("div");
      panel.className = "failure";
      panel.setAttribute("role", "alert");
      for (const line of [...lines, reason]) {
        const paragraph = document.createElement("p");
        paragraph.textContent = line;
        panel.append(paragraph);
      }
      if (button) {
        const reload = document.createElement("button");
        reload.textContent = button;
        reload.addEventListener("click", () => location.reload());
        panel.append(reload);
      }
      this.#mount.remove();
      this.#root.replaceChildren(panel, this.#slot);
      this.#settle.reject(new Error(reason));
      this.#tell("error", { message: `${lines[0]} ${reason}` });
    }

    stopped(reason, words) {
      const [stopped, help, reload] = words[this.#language()];
      this.#playground = undefined;
      this.#fail([stopped, help], reason, reload);
    }

    play() { this.#running().play(); }
    pause() { this.#running().pause(); }
    seek(us) {
      const playground = this.#running();
      if (typeof us !== "number") throw new TypeError("seek(us): us must be a number of microseconds.");
      if (!Number.isFinite(us) || us < 0) throw new RangeError(`seek(us): us must be finite and not negative, and is ${us}.`);
      playground.seek(us);
    }
    crash(server) { this.#withServer("crash", server).crash(server); }
    restart(server) { this.#withServer("restart", server).restart(server); }
    write(key, value) {
      const playground = this.#running();
      check("key", key, 1, 64);
      check("value", value, 0, 256);
      return playground.write(key, value);
    }
    snapshot() { return this.#running().snapshot(); }
    getState() { return this.#running().getState(); }
    setState(code) {
      const playground = this.#running();
      if (typeof code !== "string") throw new TypeError("setState(code): code must be a string.");
      return playground.setState(code);
    }

    #withServer(method, server) {
      const playground = this.#running();
      if (!Number.isInteger(server)) throw new TypeError(`${method}(server): server must be a whole number.`);
      const { length } = playground.snapshot().servers;
      if (server < 1 || server > length) {
        throw new RangeError(`${method}(server): server must be from 1 to ${length}, and is ${server}.`);
      }
      return playground;
    }

    #running() {
      if (!this.#playground) throw new Error("<raft-playground> is not running yet: wait for its promise `ready`.");
      return this.#playground;
    }
  }

  // Each attribute is a property too, except `lang`, which every element has.
  for (const name of LIVE.filter((name) => name !== "lang")) {
    const property = name.replace(/-./g, ([, letter]) => letter.toUpperCase());
    Object.defineProperty(RaftPlayground.prototype, property, {
      get() { return this.getAttribute(name); },
      set(value) { this.setAttribute(name, value); },
      configurable: true,
      enumerable: true,
    });
  }
  Object.defineProperty(RaftPlayground.prototype, "autoplay", {
    get() { return this.hasAttribute("autoplay"); },
    set(value) { this.toggleAttribute("autoplay", Boolean(value)); },
    configurable: true,
    enumerable: true,
  });

  if (!customElements.get("raft-playground")) customElements.define("raft-playground", RaftPlayground);
})();
