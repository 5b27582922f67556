// Reads a run's server-sent events, goes on after the last frame when the connection breaks, and can be paused and resumed.
// A reader of our own and not EventSource: a hidden tab closes its connection and later asks for what came after its last frame.

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

/**
 * One run's stream. `onEvent(type, data, id)` gets each message; `onState(state, detail)` gets
 * "open", "reconnecting", "busy" and "refused" (both with what the server said; after "busy" it asks again) and "over".
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
    try {
      const headers = this.#lastId === null ? {} : { "Last-Event-ID": this.#lastId };
      const answer = await fetch(this.url, { headers, signal: abort.signal, cache: "no-store" });
      if (!answer.ok) return await this.#refused(answer);
      this.onState("open");
      await this.#consume(answer.body, abort);
    } catch {
      // a broken connection: the same as one that ended early
    }
    if (!this.#over && this.#abort === abort) this.#again();
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
    if (event.type === "frame") this.#lastId = event.id;
    const last = event.type === "done" || event.type === "failed";
    this.#over = last;
    this.onEvent(event.type, JSON.parse(event.data), event.id === null ? null : Number(event.id));
    if (last) this.onState("over");
  }

  async #refused(answer) {
    const said = await answer.json().catch(() => ({}));
    const wait = Number(answer.headers.get("retry-after"));
    const busy = answer.status === 503;
    this.onState(busy ? "busy" : "refused", said.message ?? `The server answered ${answer.status}.`);
    if (busy) this.#later(wait > 0 ? wait * 1000 : LONGEST_WAIT);
    else this.close();
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
