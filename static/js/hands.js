// While a slider is in hand, the runs of the stops beside it are asked for ahead: the next move shows its run at once.
import { askAhead } from "./ahead.js";
import { addressOf, stopsOf } from "./forms.js";

let hand = null;

/** The addresses of the runs on both sides of where a slider stands. */
function beside(range) {
  const [stops, place] = [stopsOf(range), Number(range.value)];
  const there = [stops[place + 1], stops[place - 1]].filter((stop) => stop !== undefined);
  return there.map((stop) => addressOf(range.form, { [range.dataset.for]: stop }));
}

function askBeside() {
  if (navigator.connection?.saveData || !hand?.isConnected || hand.form.querySelector("[aria-invalid]")) return;
  askAhead(beside(hand));
}

function taken({ target }) {
  if (!target.matches(".stops")) return;
  hand = target;
  askBeside();
}

/** Listens on the document, so that swapped-in sliders work as the first. */
export function watchHands(document) {
  document.addEventListener("focusin", taken);
  document.addEventListener("pointerdown", taken);
  document.addEventListener("focusout", ({ target }) => {
    if (target === hand) hand = null;
  });
  document.addEventListener("run:drawn", () => setTimeout(askBeside)); // once the move before is on the screen
}
