// <live-run src="…/stream?…">: one run on the page. Reads the stream into a timeline, plays it, draws every chart in step.
// A changed `src` (htmx morphs the element when a control moved) drops the old run and starts the new one in the same plots.
import { rememberMoment, wantedIn } from "./address.js";
import { BUTTONS } from "./buttons.js";
import { Charts, plotly } from "./charts.js";
import { Comparison } from "./comparison.js";
import { actionOf } from "./keys.js";
import { Player } from "./player.js";
import { Panel } from "./panel.js";
import { fills, inText, whenSeen } from "./sight.js";
import { RunStream } from "./stream.js";
import { Timeline } from "./timeline.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

class LiveRun extends HTMLElement {
  static observedAttributes = ["src"];
  #stream = null;
  #timeline = null;
  #charts = new Charts(this);
  #player = new Player();
  #loop = 0;
  #again = false;
  #before = 0;
  #abort = null;
  #fresh = false;
  #note = ""; // what is to be known of this run as long as it is shown
  #panel = new Panel(this);
  #comparison = new Comparison(this, () => this.#redraw());

  connectedCallback() {
    this.#abort = new AbortController();
    const on = (target, type, handler) => target.addEventListener(type, handler.bind(this), { signal: this.#abort.signal });
    on(this, "click", this.#clicked);
    for (const type of ["input", "change"]) on(this, type, this.#moved);
    on(this, "run:moment", (event) => this.#seek(event.detail.frame));
    on(document, "keydown", this.#pressed);
    on(document, "visibilitychange", this.#seen);
    on(document, "theme", this.#redraw);
    this.#begin();
    this.show(wantedIn(location.hash));
    whenSeen(this.querySelector(".charts"), this.#abort.signal, () => this.#comesIntoView());
    this.#comparison.open(this.#abort.signal);
    this.#charts.open(this.#abort.signal, () => this.#wake());
  }

  disconnectedCallback() {
    this.#abort.abort();
    this.#abort = null;
    this.#stream?.close();
    cancelAnimationFrame(this.#loop);
    this.#loop = 0;
    this.#charts.close();
  }

  attributeChangedCallback(name, before, after) {
    if (this.isConnected && this.#abort && before !== after) this.#begin();
  }

  /** Plays the run once more when it was over before anyone saw it. */
  #comesIntoView() {
    if (this.#timeline && this.#player.atEnd && !this.#player.chosen && !still.matches) this.#act("toggle");
  }

  #begin() {
    this.#stream?.close();
    const src = this.getAttribute("src");
    if (!src || !this.isConnected) return this.#panel.say("", ""); // the page says at its field what is not allowed
    if (this.#timeline) this.#player.keepMoment(this.#timeline.moments);
    this.#comparison.leave(this.#timeline);
    this.#charts.light("");
    this.#player.reset(!still.matches);
    this.#note = "";
    this.#panel.say("connecting", "");
    this.#panel.claims([]);
    this.#stream = new RunStream(src, this.#take.bind(this), this.#connection.bind(this));
    if (!document.hidden) this.#stream.open();
    plotly().then(() => this.#wake(), () => this.#panel.say("failed", "The script that draws the charts did not load. Load the page again."));
  }

  #take(type, data, id) {
    if (type === "waiting") this.#panel.waits(data.ahead);
    else if (type === "start") this.#started(data);
    else if (type === "frame") this.#arrived(data, id);
    else if (type === "done") this.#ended(data);
    else if (type === "failed") this.#panel.say("failed", data.message);
  }

  #started(start) {
    this.#timeline = new Timeline(start);
    this.#fresh = true;
    this.#comparison.begin(this.#timeline);
    this.#announce("run:start");
    this.#player.reset(this.#player.playing, start.planned_frames, start.frame_seconds);
    this.#panel.room(start.planned_frames);
    this.#panel.plays(this.#player.playing);
    this.#panel.say("running", this.#note);
  }

  #arrived(frame, id) {
    this.#timeline?.add(frame, id);
    this.#player.arrives(this.#timeline?.length ?? 0, frame.step);
    this.#wake();
  }

  #ended(done) {
    this.#timeline.done = done;
    this.#player.ends(still.matches);
    this.#panel.room(this.#timeline.length);
    const diverged = done.outcome === "diverged";
    this.#panel.say(diverged ? "diverged" : "finished", `${this.#note} ${diverged ? done.message : ""}`.trim());
    this.#panel.claims(done.claims, this.#comparison.before(this.#timeline));
    this.#comparison.tell(this.#timeline);
    this.#wake();
  }

  #connection(state, detail) {
    if (state === "reconnecting") this.#panel.say("reconnecting", "The connection broke. Trying again; nothing is lost.");
    else if (state === "refused") this.#panel.say("refused", detail);
    else if (state === "unfit") this.#panel.leaveToField(detail);
    else if (state === "busy") this.#panel.say("refused", `${detail} This page does so by itself.`);
    else if (state === "open" && this.#timeline && !this.#timeline.done) this.#panel.say("running", this.#note);
    else if (state === "anew") this.#note = detail;
  }

  // The loop: one animation frame at a time, the newest moment only, and none when there is nothing to draw.

  #wake() {
    if (!this.#timeline || !globalThis.Plotly) return;
    this.#again = true;
    if (this.#loop) return;
    this.#before = performance.now();
    this.#loop = this.#fresh ? -1 : requestAnimationFrame((now) => this.#tick(now));
    if (this.#fresh) this.#tick(this.#before); // a new run's first frame does not wait for the screen's clock
  }

  async #tick(now) {
    const here = this.#abort;
    this.#again = false;
    this.#player.speed = Number(this.querySelector(".speed select").value);
    this.#player.advance(Math.max(0, now - this.#before) / 1000);
    await this.#draw();
    if (this.#abort !== here) return; // taken off the page meanwhile
    this.#loop = 0;
    if (this.#player.playing || this.#again) {
      this.#before = now;
      this.#loop = requestAnimationFrame((next) => this.#tick(next));
    }
  }

  async #draw() {
    const [timeline, frame] = [this.#timeline, this.#player.frame];
    if (frame < 0) return;
    const holds = () => this.#timeline === timeline && this.#abort; // no other run began meanwhile
    if (!(await this.#charts.draw(timeline, frame, this.#comparison.pins, holds))) return;
    this.#follow(frame);
    if (this.#fresh) this.#announce("run:drawn");
    this.#fresh = false;
  }

  get timeline() {
    return this.#timeline;
  }

  /** Holds the run at its first frame while a guess is asked for, or lets it go. */
  hold(held) {
    this.#player.wait(held, still.matches);
    this.#wake();
  }

  /** What stands around the charts follows them; more of it when they rest. */
  #follow(frame) {
    const { playing, atEnd } = this.#player;
    this.#panel.moment(this.#timeline, this.#player, frame);
    this.#comparison.show(this.#timeline, frame);
    this.#charts.rest(!playing);
    if (playing) return;
    this.#panel.describe(this.#timeline, frame);
    if (atEnd) this.#panel.rests(this.#timeline.done, this.#comparison.sentence);
  }

  /** Shows the moment of somebody else's page. */
  showMoment(frame, playing) {
    this.#player.follow(frame, playing);
    this.#wake();
  }

  #announce(type) {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true }));
  }

  #redraw() {
    this.#charts.stale();
    this.#comparison.stale();
    this.#wake();
  }

  #clicked(event) {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const what = button.dataset.do;
    if (what in BUTTONS) BUTTONS[what](button, this.#player.atEnd ? null : this.#player.frame);
    else if (what === "png" || what === "svg") this.#charts.save(button.closest("figure"), what);
    else if (what === "data" || what === "numbers") this.#panel.openData(button, this.#timeline, this.#player.frame);
    else if (what === "again") this.#begin();
    else if (this.#timeline || (what === "toggle" && !this.#player.playing)) this.#act(what);
  }

  /** Shows a moment, and lights a series until the visitor does something else. */
  show(wanted) {
    this.#player.want(wanted, this.#timeline?.moments ?? []);
    this.#charts.light(wanted.light);
    this.#wake();
  }

  #act(what) {
    this.#charts.light("");
    this.#player.act(what);
    if (!this.#player.playing && this.#timeline) rememberMoment(this.#player.frame);
    this.#wake();
  }

  #moved(event) {
    if (event.target.matches(".moment") && event.type === "input") this.#seek(Number(event.target.value));
    else this.#wake();
  }

  #seek(frame) {
    this.#charts.light("");
    this.#player.seek(frame);
    rememberMoment(this.#player.frame);
    this.#wake();
  }

  #pressed(event) {
    const what = this.#timeline && actionOf(event);
    const elsewhere = this.dataset.src || !fills(this.querySelector(".charts")) || (what === "toggle" && inText());
    if (!what || elsewhere) return;
    event.preventDefault();
    this.#act(what);
  }

  #seen() {
    if (document.hidden) return this.#stream?.pause();
    this.#stream?.open();
    this.#wake();
  }
}

customElements.define("live-run", LiveRun);
