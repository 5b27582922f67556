// Links in the prose to experiments of their own page are followed in place, like presets: the text stays where it is, the charts show
// what it says, at the moment that the link names and with the series lit that it speaks of.
import { wantedIn } from "./address.js";
import { fills } from "./sight.js";

const here = () => location.pathname + location.search;

/** The address of an experiment of this page that a click follows; null where the click is the browser's. */
function experimentOf({ target, button, altKey, ctrlKey, metaKey, shiftKey, defaultPrevented }) {
  const link = target.closest?.(".topic > .prose a[href]");
  if (!link || button || altKey || ctrlKey || metaKey || shiftKey || defaultPrevented || link.getAttribute("href").startsWith("#")) return null;
  const url = new URL(link.href);
  return url.origin === location.origin && url.pathname === location.pathname ? url : null;
}

/** What the link wants, shown by the run that is on the page now; the charts come into sight where they are not. */
function show(url) {
  document.getElementById("run").show(wantedIn(url.hash));
  const charts = document.querySelector(".charts");
  if (!fills(charts)) charts.closest(".stage").scrollIntoView();
}

/** Kept runs stay, which are of the same demo only. */
function withPins(url) {
  const whole = new URL(url);
  const demo = document.querySelector("#controls [name=demo]")?.value;
  const same = !demo || demo === (url.searchParams.get("demo") ?? document.querySelector(".tabs a")?.dataset.demo);
  if (same) for (const { value } of document.querySelectorAll("#controls [name=pin]")) whole.searchParams.append("pin", value);
  return { whole, same };
}

async function follow(url) {
  const { whole, same } = withPins(url);
  const path = whole.pathname + whole.search;
  if (path === here()) history.replaceState(history.state, "", whole);
  else await globalThis.htmx.ajax("GET", path, { target: "#experiment", swap: same ? "outerMorph" : "outerHTML", push: path + whole.hash, headers: { "HX-Target": "section#experiment" } });
  if (path === here()) show(url);
}

/** Listens on the document. */
export function watchLinks(document) {
  document.addEventListener("click", (event) => {
    const url = experimentOf(event);
    if (!url) return;
    event.preventDefault();
    follow(url);
  });
}
