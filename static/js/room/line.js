// The line to a room: its stream, read for as long as the page is there, and the small messages that go the other way.
import { at } from "../address.js";
import { EventParser } from "../stream.js";
import { TAB } from "../tab.js";

const FIRST_WAIT = 400; // milliseconds before it asks again
const LONGEST_WAIT = 8000;
const SILENCE = 25_000; // the server says something every ten seconds: after so long without a word the connection is dead

export const pause = (wait) => new Promise((go) => setTimeout(go, wait));

export class Line {
  #abort = null;
  #tries = 0;
  over = false;

  /** `headers` say who this is. `onState(state)`, `onOver()` when the class is over, `onTrouble(words)` while it does not get through. */
  constructor(code, headers, { onState, onOver, onTrouble }) {
    Object.assign(this, { path: at(`/room/${code}`), headers: { ...TAB, ...headers }, onState, onOver, onTrouble });
  }

  /** Reads on and on. */
  async open() {
    while (!this.over) {
      const wait = await this.#read();
      if (this.over) return;
      if (this.#tries > 1) this.onTrouble("The connection broke. Trying again.");
      await pause(wait);
    }
  }

  /** Tells the room something; the status of its answer, 0 when there was none. */
  async post(what, body = {}) {
    const headers = { ...this.headers, "content-type": "application/json", accept: "application/json" };
    try {
      return (await fetch(`${this.path}/${what}`, { method: "POST", headers, body: JSON.stringify(body) })).status;
    } catch {
      return 0;
    }
  }

  /** Reads no more. */
  close() {
    this.over = true;
    this.#abort?.abort();
  }

  /** One connection, to its end; how long to wait before the next. */
  async #read() {
    const abort = (this.#abort = new AbortController());
    this.#tries += 1;
    try {
      const answer = await fetch(`${this.path}/stream`, { headers: this.headers, signal: abort.signal, cache: "no-store" });
      if (answer.ok) await this.#consume(answer.body, abort);
      else return await this.#refused(answer);
    } catch {
      // a broken connection: the same as one that ended early
    }
    return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (this.#tries - 1));
  }

  async #consume(body, abort) {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const silence = setTimeout(() => abort.abort(), SILENCE);
      const { done, value } = await reader.read().finally(() => clearTimeout(silence));
      if (done) return;
      for (const event of parser.feed(decoder.decode(value, { stream: true }))) this.#take(event);
    }
  }

  #take({ type, data }) {
    if (this.over) return;
    this.#tries = 0;
    this.onTrouble("");
    if (type === "over") this.#end();
    else this.onState(JSON.parse(data));
  }

  async #refused(answer) {
    const { message } = await answer.json().catch(() => ({}));
    if (answer.status === 403 || answer.status === 404) this.#end();
    else this.onTrouble(message ?? `The server answered with status ${answer.status}.`);
    return Number(answer.headers.get("retry-after")) * 1000 || LONGEST_WAIT;
  }

  #end() {
    this.over = true;
    this.onOver();
  }
}
