// The player's logic: which moment of a run is shown, as time goes by and the visitor acts. Knows no DOM.

/** Frames a second at speed 1, at most and at least: a run of few frames is not over before it was watched. */
const FASTEST = 30;
const SLOWEST = 6;

/** Seconds that a run lasts at speed 1, when it has fewer frames than fill them at the fastest rate. */
const SHORTEST_RUN = 4.5;

/** Seconds that one tick may count: a busy machine plays slower rather than in leaps. */
const LONGEST_TICK = 0.06;

/** Seconds by which a player may be off somebody else's whom it follows. */
const SLACK = 0.35;

export class Player {
  arrived = 0;
  over = false;
  position = 0;
  playing = false;
  speed = 1;
  planned = Infinity;
  frameSeconds = 0;
  chosen = false; // whether the moment shown, or that it plays, is the visitor's choice
  held = false; // whether the visitor stopped at the moment shown
  waits = false; // whether a guess is asked for: until it is made the first frame is all that is shown
  wanted = null; // the moment at which a run is to be shown once it has come so far: { frame }, and { step, planned } of the run it was held in

  /** A new run of so many frames, each shown so long if it says: from the beginning, playing unless the visitor wants stillness. */
  reset(playing, planned = Infinity, frameSeconds = 0) {
    this.planned = planned;
    this.frameSeconds = frameSeconds;
    this.arrived = 0;
    this.over = false;
    this.position = 0;
    this.playing = playing && this.wanted === null && !this.waits;
    this.chosen = false;
    this.held = false;
  }

  /** Before another run: it is to be shown at the moment at which the visitor holds this one, of which `moments` says the steps. */
  keepMoment(moments) {
    if (!this.held || this.waits || this.frame < 0) return;
    this.wanted = { frame: this.atEnd ? Infinity : this.frame, step: moments[this.frame].step, planned: this.planned };
  }

  /** A moment of the run that is here or on its way: its frame, or else the first at its step or beyond. Null and null for none. */
  want({ frame, step }, moments) {
    if (frame === null && step === null) return;
    const found = moments.slice(0, this.arrived).findIndex((moment, place) => (frame === null ? moment.step >= step : place >= frame));
    this.wanted = frame === null ? { step, planned: 0 } : { frame };
    this.playing = false;
    if (found >= 0) this.#show(found);
    else if (this.over) this.#show(this.arrived - 1);
  }

  /** The next frame came, of this step. On the way to the moment wanted the newest is shown. */
  arrives(count, step) {
    this.arrived = count;
    if (this.wanted === null) return;
    const { frame, step: wantedStep, planned = this.planned } = this.wanted;
    const there = planned === this.planned || frame === Infinity ? count > frame : step >= wantedStep;
    if (there) this.#show(count - 1);
    else this.position = count - 1;
  }

  /** No more frames come: a moment beyond them is the last. */
  ends(stillness) {
    this.over = true;
    if (this.wanted !== null || (stillness && !this.chosen && !this.playing && !this.waits)) this.#show(this.arrived - 1);
  }

  #show(frame) {
    const held = this.wanted !== null;
    this.wanted = null;
    this.seek(frame);
    this.held = held;
  }

  /** The frame to show; -1 before the first has come. */
  get frame() {
    return Math.min(Math.floor(this.position), this.arrived - 1);
  }

  /** Frames a second at speed 1. */
  get rate() {
    if (this.frameSeconds) return 1 / this.frameSeconds;
    return Math.max(SLOWEST, Math.min(FASTEST, this.planned / SHORTEST_RUN));
  }

  /** Whether the last frame of a finished run is shown. */
  get atEnd() {
    return this.over && this.frame >= this.arrived - 1;
  }

  /** Time passes: while playing the position moves on, up to what has arrived. Speed 0 shows the newest at once. */
  advance(seconds) {
    if (!this.playing || this.arrived === 0) return;
    const newest = this.arrived - 1;
    const passed = Math.min(seconds, LONGEST_TICK);
    const next = this.speed === 0 ? newest : this.position + passed * this.rate * this.speed;
    this.position = Math.min(next, newest);
    if (this.over && this.position >= newest) this.playing = false;
  }

  /** Does what a button or a key of the player says. */
  act(what) {
    if (this.waits) return;
    if (what === "toggle") this.toggle();
    else if (what === "back") this.step(-1);
    else if (what === "forward") this.step(1);
    else if (what === "first") this.seek(0);
    else if (what === "last") this.seek(this.arrived - 1);
  }

  /** Plays or pauses; at the end, plays again from the beginning. */
  toggle() {
    this.chosen = true;
    this.held = this.playing;
    this.wanted = null;
    if (this.playing) this.playing = false;
    else {
      if (this.atEnd) this.position = 0;
      this.playing = true;
    }
  }

  /** Pauses and moves by whole frames. */
  step(by) {
    this.seek(this.frame + by);
  }

  /** Pauses at a frame, kept within what has arrived. */
  seek(frame) {
    this.chosen = true;
    this.held = true;
    this.wanted = null;
    this.playing = false;
    this.position = this.waits ? 0 : Math.max(0, Math.min(frame, this.arrived - 1));
  }

  /** A guess is asked for, or no longer: from then on the run plays from its first frame, or is shown whole to whom nothing is to move. */
  wait(waits, stillness) {
    this.waits = waits;
    this.seek(!waits && stillness && this.over ? this.arrived - 1 : 0);
    this.chosen = waits || !stillness;
    this.held = false;
    this.playing = !waits && !stillness;
  }

  /** Shows the moment that somebody else shows: holds at that frame once it is here, or plays on from about there. */
  follow(frame, playing) {
    this.wanted = null;
    if (playing) {
      const slack = this.speed === 0 ? Infinity : SLACK * this.rate * this.speed;
      if (!this.playing || Math.abs(frame - this.position) > slack) this.seek(frame);
      this.held = false;
    } else if (frame < this.arrived || this.over) this.seek(frame);
    else this.wanted = { frame };
    this.playing = playing;
  }
}
