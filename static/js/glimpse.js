// The run on the first page. It begins when it is seen and the page itself is here; where motion is unwanted or data are to be saved,
// when the visitor presses Play.
import { whenSeen } from "./sight.js";

const unasked = () => !matchMedia("(prefers-reduced-motion: reduce)").matches && !navigator.connection?.saveData;

const loaded = () => new Promise((go) => (document.readyState === "complete" ? go() : addEventListener("load", go, { once: true })));
const idle = () => new Promise((go) => (globalThis.requestIdleCallback ?? setTimeout)(go));

function begin(run) {
  if (!run.hasAttribute("src")) run.setAttribute("src", run.dataset.src);
}

export function watchGlimpse(document) {
  const run = document.querySelector("live-run[data-src]");
  if (!run) return;
  run.querySelector("[data-do=toggle]").addEventListener("click", () => begin(run)); // before the element's own listener plays it
  if (!unasked()) return;
  whenSeen(run.querySelector(".charts"), new AbortController().signal, async () => {
    await loaded();
    await idle();
    begin(run);
  });
}
