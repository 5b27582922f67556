// The schedule as a file: saved, and brought in again. What comes in is added to what is here; a file that cannot be read changes nothing.
import { add, count, fromText, kept, toText } from "./reviews.js";

const LARGEST = 5_000_000; // bytes, which is what browsers keep for a site
const TOLERANCE = 86_400_000; // by which two clocks may differ, in milliseconds

function save() {
  const address = URL.createObjectURL(new Blob([toText(kept())], { type: "application/json" }));
  const day = new Date().toISOString().slice(0, 10);
  Object.assign(document.createElement("a"), { href: address, download: `watch-it-learn-practice-${day}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function bringIn(file) {
  if (file.size > LARGEST) throw new Error(`is larger than ${LARGEST / 1e6} MB.`);
  const before = count(kept());
  const reviews = fromText(await file.text(), Date.now() + TOLERANCE);
  const lasts = add(reviews);
  const added = count(kept()) - before;
  const here = count(reviews) - added;
  return `${added} ${added === 1 ? "review" : "reviews"} added${here ? `, ${here} here already` : ""}.${lasts ? "" : NOT_KEPT}`;
}

/** For a browser that keeps nothing. */
export const NOT_KEPT = " This browser keeps nothing for this site: save to a file before you leave.";

/** Wires the buttons; `changed` is called after something was brought in. */
export function watchKeeping(element, changed) {
  const said = element.querySelector(".kept");
  const field = element.querySelector("[data-action=import]");
  element.querySelector("[data-action=export]").addEventListener("click", save);
  field.addEventListener("change", async () => {
    const [file] = field.files;
    if (!file) return;
    try {
      said.textContent = await bringIn(file);
    } catch (wrong) {
      said.textContent = `“${file.name}” ${wrong.message} Nothing was changed.`;
    }
    field.value = "";
    changed();
  });
  for (const each of element.querySelectorAll("[disabled]")) each.disabled = false;
}
