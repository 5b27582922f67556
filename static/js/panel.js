// What stands around the charts of a run: the bar and its readout, the status line, claims, the data table.
import { EXACT, numberOf } from "./numbers.js";
import { data, element } from "./tables.js";
import { claimTexts, outcomeText, summary, titleOf, waitingText } from "./words.js";

const FIELDS_TURN = 1500; // milliseconds that the form's answer may take

export class Panel {
  constructor(root) {
    this.root = root;
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  /** The run's state, which the stylesheet knows, and a line about it. */
  say(state, text) {
    this.root.dataset.state = state;
    this.#write(".status .said", text);
    this.tell("");
  }

  /** The charts have come to rest at the end of a run, which a guess waits for; `change` says what it did to the one before. */
  rests(done, change) {
    this.tell(`${outcomeText(done)} ${change}`.trim());
    this.root.dispatchEvent(new CustomEvent("run:rests", { bubbles: true }));
  }

  /** What those hear who cannot see it. */
  tell(text) {
    this.#write(".status .unseen", text);
  }

  /** The same words are not said twice. */
  #write(place, text) {
    const found = this.find(place);
    if (found.textContent !== text) found.textContent = text;
  }

  /** A value that is not allowed is told at its field, once the form's answer is here; where none comes, it is told here. */
  leaveToField(detail) {
    const src = this.root.getAttribute("src");
    setTimeout(() => {
      const told = document.querySelector("#controls .error:not(:empty)");
      if (this.root.isConnected && this.root.getAttribute("src") === src && !told) this.say("refused", detail);
    }, FIELDS_TURN);
  }

  /** The run has no slot yet. */
  waits(ahead) {
    this.say("waiting", waitingText(ahead));
  }

  /** How many frames the bar has room for. */
  room(frames) {
    this.find(".moment").max = Math.max(1, frames - 1);
  }

  /** The moment shown, how much has arrived, and whether it plays. */
  moment(timeline, player, frame) {
    const { step, epoch } = timeline.moments[frame];
    const bar = this.find(".moment");
    bar.value = frame;
    bar.style.setProperty("--shown", `${(100 * frame) / bar.max}%`);
    bar.style.setProperty("--arrived", `${(100 * (player.arrived - 1)) / bar.max}%`);
    const said = `step ${numberOf(step, EXACT)}`;
    bar.setAttribute("aria-valuetext", said);
    this.find(".readout").textContent = epoch === null ? said : `${said} · epoch ${numberOf(epoch)}`;
    this.plays(player.playing);
    this.root.dataset.frame = frame;
  }

  /** What the button in the middle says, also before the first frame is drawn: a run out of the cache has ended by then. */
  plays(playing) {
    this.find(".play").setAttribute("aria-label", playing ? "Pause" : "Play");
    this.root.toggleAttribute("data-playing", playing);
  }

  /** Each claim's row, with what the run before measured; without claims, that they are still being measured. */
  claims(claims, before = []) {
    this.root.querySelectorAll(".claims tbody tr").forEach((row, place) => {
      const told = claimTexts(claims[place]);
      const cells = row.querySelectorAll("td");
      cells.forEach((cell, column) => (cell.textContent = told.cells[column]));
      const earlier = before[place] ? claimTexts(before[place]).cells[0] : told.cells[0];
      if (earlier !== told.cells[0]) cells[0].append(" ", element("small", `before ${earlier}`));
      row.dataset.holds = told.holds;
    });
  }

  /** The charts in words and, when it is open, the table of their numbers; kept in step while nothing plays. */
  describe(timeline, frame) {
    for (const plot of this.root.querySelectorAll(".plot")) {
      const name = plot.dataset.chart;
      if (name in timeline.start.charts) plot.setAttribute("aria-label", summary(titleOf(name), timeline.traces(name, frame)));
    }
    const place = this.find(".data");
    if (place && !place.hidden) data(place, timeline, frame);
  }

  /** The numbers: all of them, opened or closed, or those of the chart whose menu asks. */
  openData(button, timeline, frame) {
    const chart = button.closest("figure")?.querySelector(".plot").dataset.chart;
    const place = this.find(".data");
    place.hidden = !place.hidden && chart === undefined;
    this.find("[data-do=data]").setAttribute("aria-expanded", String(!place.hidden));
    if (timeline && frame >= 0) this.describe(timeline, frame);
    this.find(`.numbers[data-chart="${chart}"] .scroller`)?.focus();
  }
}
