// Reads a run's server-sent events, goes on after the last frame when the connection breaks, and can be paused and resumed.
// A reader of our own and not EventSource: a hidden tab closes its connection and later asks for what came after its last frame.
import { madeAhead } from "./ahead.js";
import { TAB } from "./tab.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;

/** Splits text into server-sent events; `feed` returns those that are complete. */
export class EventParser {
  #rest = "";

  feed(text) {
    const parts = (this.#rest + text).split("\n\n");
    this.#rest = parts.pop();
    return parts.map(parseEvent).filter(Boolean);
  }
}

function parseEvent(block) {
  const event = { type: "message", id: null, data: "" };
  for (const line of block.split("\n")) {
    if (line.startsWith("data: ")) event.data += line.slice(6);
    else if (line.startsWith("event: ")) event.type = line.slice(7);
    else if (line.startsWith("id: ")) event.id = line.slice(4);
  }
  return event.data ? event : null;
}

/** The number of the frame that an id names, after the key of its run. */
const frameOf = (id) => Number(id.slice(id.lastIndexOf(":") + 1));

/** Refusals that pass: of a server that is full, stopping or not there yet, or of a proxy before it. Any other below 500 is final. */
const PASSES = new Set([408, 425, 429]);

const ANEW = "The server no longer has the run that this page was reading, so the run has begun anew.";
const OTHER_ORIGIN =
  "The server does not let this page read its runs: the page stands in a frame without an origin of its own. Open the page outside the frame.";
const NO_STREAM = "Something between this page and the server answered with a page of its own, perhaps to sign in. Load the page again.";

/**
 * One run's stream. `onEvent(type, data, frame)` gets each message; `onState(state, detail)` gets "open", "reconnecting", "busy",
 * "refused" and, for values that are not allowed, "unfit" (all three with what the server said; after "busy" it asks again), "anew"
 * (with the reason: what came before is another run, of another build or timed before, and `start` comes again) and "over".
 */
export class RunStream {
  #abort = null;
  #lastId = null;
  #over = false;
  #timer = 0;
  #tries = 0;

  constructor(url, onEvent, onState) {
    this.url = url;
    this.onEvent = onEvent;
    this.onState = onState;
  }

  /** Connects, or connects again after `pause`. */
  open() {
    if (this.#over || this.#abort) return;
    this.#abort = new AbortController();
    if (this.#lastId === null) for (const event of new EventParser().feed(madeAhead(this.url))) this.#take(event);
    this.#read(this.#abort);
  }

  /** Drops the connection and keeps the place. */
  pause() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#abort = null;
  }

  /** Drops the connection for good. */
  close() {
    this.#over = true;
    this.pause();
  }

  async #read(abort) {
    let unread = true; // no answer, or none that this page may read
    try {
      const headers = this.#lastId === null ? TAB : { ...TAB, "Last-Event-ID": this.#lastId };
      const answer = await fetch(this.url, { headers, signal: abort.signal, cache: "no-store", redirect: "manual" });
      unread = false;
      if (answer.status >= 400) return await this.#refused(answer, abort);
      if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return this.#refuse(NO_STREAM);
      this.onState("open");
      await this.#consume(answer.body, abort);
    } catch {
      // a broken connection: the same as one that ended early
    }
    if (unread && this.#tries > 0 && (await this.#isForbidden(abort))) return this.#refuse(OTHER_ORIGIN);
    if (!this.#over && this.#abort === abort) this.#again();
  }

  /** Whether the server is there and only this page, being of another origin, may not read what it says. */
  async #isForbidden(abort) {
    if (globalThis.origin === new URL(this.url, document.baseURI).origin) return false;
    try {
      await fetch(this.url, { method: "HEAD", mode: "no-cors", signal: abort.signal, cache: "no-store" });
      return true;
    } catch {
      return false;
    }
  }

  async #consume(body, abort) {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done || this.#abort !== abort) return;
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) this.#take(event);
    }
  }

  #take(event) {
    if (this.#over) return;
    this.#tries = 0;
    if (event.type === "start" && this.#lastId !== null) this.#beginAnew();
    if (event.type === "frame") this.#lastId = event.id;
    const last = event.type === "done" || event.type === "failed";
    this.#over = last;
    this.onEvent(event.type, JSON.parse(event.data), event.id === null ? null : frameOf(event.id));
    if (last) this.onState("over");
  }

  #beginAnew() {
    this.#lastId = null;
    this.onState("anew", ANEW);
  }

  async #refused(answer, abort) {
    const said = await answer.json().catch(() => ({}));
    if (this.#abort !== abort) return; // paused meanwhile
    const wait = Number(answer.headers.get("retry-after"));
    if (answer.status < 500 && !PASSES.has(answer.status)) {
      this.#refuse(said.message ?? `The server refused this run with status ${answer.status}.`, answer.status === 422 ? "unfit" : "refused");
      return;
    }
    this.onState("busy", said.message ?? `The server answered with status ${answer.status}. Try again in a moment.`);
    this.#later(wait > 0 ? wait * 1000 : LONGEST_WAIT);
  }

  /** Ends it, in words: to ask again would get the same answer. */
  #refuse(reason, state = "refused") {
    if (this.#over) return;
    this.onState(state, reason);
    this.close();
  }

  #again() {
    this.#tries += 1;
    if (this.#tries > 1 || this.#lastId === null) this.onState("reconnecting");
    this.#later(Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.#tries - 1)));
  }

  #later(wait) {
    this.#abort = null;
    this.#timer = setTimeout(() => this.open(), wait);
  }
}
