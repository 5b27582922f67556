// Parts of a page that the server refuses for now (too many requests, too many runs): said in words, and asked for again after a while.
import { TAB } from "./tab.js";

const LONGEST_WAIT = 60; // seconds
const PASSES = new Set([429, 503]);

let timer = 0;

function say(text) {
  let line = document.querySelector("p.patience");
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "patience" });
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.textContent = text;
  line.hidden = !text;
}

/** Asks again as it was asked: what the visitor did, or the form's own event. */
function repeat({ sourceElement: source, sourceEvent: event }) {
  say("");
  if (source.isConnected && event) source.dispatchEvent(new event.constructor(event.type, event));
}

function answered({ detail: { ctx } }) {
  const { status, headers } = ctx.response ?? {};
  clearTimeout(timer);
  if (!PASSES.has(status)) return say("");
  const wait = Math.min(LONGEST_WAIT, Math.max(1, Number(headers.get("retry-after")) || 1));
  say(`The server has many requests to answer just now. This page asks again in ${wait} ${wait === 1 ? "second" : "seconds"}.`);
  timer = setTimeout(() => repeat(ctx), wait * 1000);
}

/** Names the tab to the server with each request for a part, and waits where one is refused. */
export function watchPatience(document) {
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => Object.assign(ctx.request.headers, TAB));
  document.addEventListener("htmx:after:request", answered);
}
