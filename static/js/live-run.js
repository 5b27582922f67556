// <live-run src="…/stream?…">: one run on the page. Reads the stream into a timeline, plays it, draws every chart in step.
// A changed `src` (htmx morphs the element when a control moved) drops the old run and starts the new one in the same plots.
import { Player } from "./player.js";
import { Plot, numberOf, summary } from "./plot.js";
import { RunStream } from "./stream.js";
import { Timeline } from "./timeline.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

class LiveRun extends HTMLElement {
  static observedAttributes = ["src"];
  #stream = null;
  #timeline = null;
  #plots = new Map();
  #player = new Player();
  #loop = 0;
  #before = 0;
  #wanted = null;
  #abort = null;
  #fresh = false;

  connectedCallback() {
    this.#abort = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler.bind(this), { signal: this.#abort.signal });
    on(this, "click", this.#clicked);
    on(this, "input", this.#moved);
    on(this, "change", this.#moved);
    on(document, "keydown", this.#pressed);
    on(document, "visibilitychange", this.#seen);
    on(document, "theme", this.#redraw);
    this.#wanted = momentInUrl();
    this.#begin();
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#stream?.close();
    cancelAnimationFrame(this.#loop);
    this.#loop = 0;
    for (const plot of this.#plots.values()) globalThis.Plotly?.purge(plot.element);
    this.#plots.clear();
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && this.#abort && before !== after) this.#begin();
  }

  #begin() {
    this.#stream?.close();
    const src = this.getAttribute("src");
    if (!src || !this.isConnected) return;
    this.#player.reset(!still.matches && this.#wanted === null);
    this.#say("connecting", "");
    this.#stream = new RunStream(src, this.#take.bind(this), this.#connection.bind(this));
    if (!document.hidden) this.#stream.open();
  }

  #take(type, data, id) {
    if (type === "waiting") this.#say("waiting", waitingText(data.ahead));
    else if (type === "start") this.#started(data);
    else if (type === "frame") this.#arrived(data, id);
    else if (type === "done") this.#ended(data);
    else if (type === "failed") this.#say("failed", data.message);
  }

  #started(start) {
    this.#timeline = new Timeline(start);
    this.#fresh = true;
    this.#announce("run:start");
    this.#player.reset(this.#player.playing);
    this.#find(".moment").max = Math.max(1, start.planned_frames - 1);
    this.#say("running", "");
  }

  #arrived(frame, id) {
    this.#timeline?.add(frame, id);
    this.#player.arrived = this.#timeline?.length ?? 0;
    if (this.#wanted !== null && this.#player.arrived > this.#wanted) {
      this.#player.seek(this.#wanted);
      this.#wanted = null;
    }
    this.#wake();
  }

  #ended(done) {
    this.#timeline.done = done;
    this.#player.over = true;
    this.#find(".moment").max = Math.max(1, this.#timeline.length - 1);
    if (this.#wanted !== null || still.matches) this.#player.seek(this.#wanted ?? this.#timeline.length - 1);
    this.#wanted = null;
    const diverged = done.outcome === "diverged";
    this.#say(diverged ? "diverged" : "finished", diverged ? done.message : "");
    this.#claims(done.claims);
    this.#wake();
  }

  #connection(state, detail) {
    if (state === "reconnecting") this.#say("reconnecting", "The connection broke. Trying again; nothing is lost.");
    else if (state === "refused") this.#say("refused", detail);
    else if (state === "open" && this.#timeline && !this.#timeline.done) this.#say("running", "");
  }

  // The loop: one animation frame at a time, the newest moment only, and none when there is nothing to draw.

  #wake() {
    if (this.#loop || !this.#timeline) return;
    this.#before = performance.now();
    this.#loop = requestAnimationFrame((now) => this.#tick(now));
  }

  #tick(now) {
    this.#loop = 0;
    this.#player.advance(Math.max(0, now - this.#before) / 1000);
    this.#draw();
    if (this.#player.playing) {
      this.#before = now;
      this.#loop = requestAnimationFrame((next) => this.#tick(next));
    }
  }

  #draw() {
    const frame = this.#player.frame;
    if (frame < 0) return;
    for (const element of this.querySelectorAll(".plot")) {
      const name = element.dataset.chart;
      if (!(name in this.#timeline.start.charts)) continue;
      this.#plotOf(element).draw(this.#timeline, name, frame);
    }
    this.#show(frame);
    if (this.#fresh) this.#announce("run:drawn");
    this.#fresh = false;
  }

  #announce(type) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true }));
  }

  #plotOf(element) {
    const known = this.#plots.get(element);
    if (known) return known;
    const plot = new Plot(element, element.getAttribute("aria-label"));
    this.#plots.set(element, plot);
    return plot;
  }

  #redraw() {
    for (const plot of this.#plots.values()) plot.stale();
    this.#wake();
  }

  #show(frame) {
    const { step, epoch } = this.#timeline.moments[frame];
    const moment = this.#find(".moment");
    moment.value = frame;
    moment.style.setProperty("--arrived", `${(100 * (this.#player.arrived - 1)) / moment.max}%`);
    moment.setAttribute("aria-valuetext", `step ${step}`);
    this.#find(".readout").textContent = `step ${step}` + (epoch === null ? "" : ` · epoch ${numberOf(epoch)}`);
    this.#find(".play").setAttribute("aria-label", this.#player.playing ? "Pause" : "Play");
    this.classList.toggle("playing", this.#player.playing);
    this.dataset.frame = frame;
    if (!this.#player.playing) this.#describe(frame);
  }

  #describe(frame) {
    for (const [element, plot] of this.#plots) {
      const name = element.dataset.chart;
      if (name in this.#timeline.start.charts) {
        const title = element.parentElement.querySelector("figcaption").textContent;
        element.setAttribute("aria-label", summary(title, this.#timeline.traces(name, frame)));
      }
    }
  }

  #claims(claims) {
    const rows = this.querySelectorAll(".claims tbody tr");
    claims.forEach((claim, place) => {
      const [measured, expected, holds] = rows[place].querySelectorAll("td");
      measured.textContent = claim.measured === null ? "no finite number" : numberOf(claim.measured);
      expected.textContent = claim.applies ? claim.expected : `(at ${claim.ground})`;
      holds.textContent = claim.applies ? (claim.holds ? "holds" : "does not hold") : "does not apply";
      rows[place].dataset.holds = claim.applies ? claim.holds : "none";
    });
  }

  #say(state, text) {
    this.dataset.state = state;
    const status = this.#find(".status");
    if (status.textContent !== text) status.textContent = text;
  }

  // What the visitor does.

  #clicked(event) {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    if (button.dataset.do === "copy") copyLink(button, this.#player.atEnd ? null : this.#player.frame);
    else if (this.#timeline) this.#act(button.dataset.do);
  }

  #act(what) {
    const player = this.#player;
    if (what === "toggle") player.toggle();
    else if (what === "back") player.step(-1);
    else if (what === "forward") player.step(1);
    else if (what === "first") player.seek(0);
    else if (what === "last") player.seek(player.arrived - 1);
    if (!player.playing) rememberMoment(player.frame);
    this.#wake();
  }

  #moved(event) {
    if (event.target.matches(".moment") && event.type === "input") {
      this.#player.seek(Number(event.target.value));
      rememberMoment(this.#player.frame);
    } else if (event.target.matches(".speed select")) this.#player.speed = Number(event.target.value);
    this.#wake();
  }

  #pressed(event) {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !this.#timeline) return;
    if (event.target.closest("input, select, textarea, button, a, summary, [contenteditable]")) return;
    const what = { " ": "toggle", ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" }[event.key];
    if (!what || (what !== "toggle" && what !== "back" && what !== "forward" && !this.contains(event.target))) return;
    event.preventDefault();
    this.#act(what);
  }

  #seen() {
    if (document.hidden) this.#stream?.pause();
    else {
      this.#stream?.open();
      this.#wake();
    }
  }

  #find(selector) {
    return this.querySelector(selector);
  }
}

function waitingText(ahead) {
  if (ahead === 0) return "Waiting for a free slot: yours is the next run.";
  return `Waiting for a free slot: ${ahead} ${ahead === 1 ? "run is" : "runs are"} ahead of yours.`;
}

function momentInUrl() {
  const found = /^#frame=(\d{1,4})$/.exec(location.hash);
  return found ? Number(found[1]) : null;
}

function rememberMoment(frame) {
  history.replaceState(history.state, "", `${location.pathname}${location.search}#frame=${frame}`);
}

async function copyLink(button, frame) {
  const url = new URL(button.dataset.url, location.origin);
  if (frame !== null && frame >= 0) url.hash = `frame=${frame}`;
  const text = button.textContent;
  try {
    await navigator.clipboard.writeText(url.href);
    button.textContent = "Copied";
  } catch {
    history.replaceState(history.state, "", url);
    button.textContent = "It is in the address bar";
  }
  setTimeout(() => (button.textContent = text), 1500);
}

customElements.define("live-run", LiveRun);
