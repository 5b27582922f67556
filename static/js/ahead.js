// Starts and first frames of runs that may be wanted next, asked for while the server has nothing else to do (app/routes/stream.py):
// the run that is then wanted begins with them at once (stream.js), and goes on where they end.
import { TAB } from "./tab.js";

const KEPT = 8000; // milliseconds: a little less than the server holds their runs

const made = new Map();
let asking = new AbortController();

async function ask(address, signal) {
  try {
    const how = { headers: TAB, signal, priority: "low", cache: "no-store" };
    const answer = await fetch(address.replace("stream?", "ahead?"), how);
    if (answer.status === 200) made.set(address, { events: await answer.text(), since: performance.now() });
  } catch {
    // it was a hint, or something else is wanted meanwhile
  }
}

/** Asks for the runs at these addresses instead of those that were asked for before. */
export function askAhead(addresses) {
  asking.abort();
  asking = new AbortController();
  for (const [known, { since }] of made) if (performance.now() - since > KEPT) made.delete(known);
  for (const address of addresses) if (!made.has(address)) ask(address, asking.signal);
}

/** What came ahead of the run at an address, as server-sent events; "" for nothing. */
export function madeAhead(address) {
  const { events, since } = made.get(address) ?? { events: "", since: 0 };
  made.delete(address);
  return performance.now() - since < KEPT ? events : "";
}
