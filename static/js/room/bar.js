// The slim bar of a room over every page, and beneath it the panel of a question with its answers as bars.
import { element } from "../tables.js";

/** "BCDF-GHJK". */
const spelt = (code) => `${code.slice(0, code.length / 2)}-${code.slice(code.length / 2)}`;

/** A button that does what its text says. */
export function button(text, act, look = "quiet") {
  const made = element("button", text, { type: "button", class: look });
  made.addEventListener("click", act);
  return made;
}

/** The answers to one question: a bar for each option, as long as its share, with its count. `mine` was chosen here, `right` is what the run made true. */
export function answers({ options }, counts, { mine = null, right = null } = {}) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const list = element("ul", "", { class: "answers" });
  options.forEach((option, place) => {
    const row = element("li", "", { ...(place === mine && { "aria-current": "true" }), ...(place === right && { class: "right" }) });
    const bar = element("span", "", { class: "share" });
    bar.style.setProperty("--share", `${all ? (100 * counts[place]) / all : 0}%`);
    row.append(element("span", place === right ? `✓ ${option}` : option), bar, element("span", String(counts[place]), { class: "count" }));
    list.append(row);
  });
  return list;
}

export class Bar {
  #shown = "";

  /** Lays the bar over the page, with the room's code in it. */
  constructor(code) {
    this.root = element("aside", "", { class: "room-bar", "aria-label": "Class room" });
    this.said = element("span", "", { class: "said", role: "status" });
    this.acts = element("span", "", { class: "acts" });
    this.panel = element("section", "", { class: "room-panel", "aria-label": "Question to the class", hidden: "" });
    const line = element("div", "", { class: "room-line" });
    line.append(element("strong", spelt(code), { class: "code" }), this.said, this.acts);
    this.root.append(line, this.panel);
    document.querySelector(".skip").after(this.root);
    document.documentElement.classList.add("in-room");
    new ResizeObserver(() => this.#makeRoom()).observe(this.root);
  }

  /** The page begins where bar and panel end. */
  #makeRoom() {
    document.documentElement.style.setProperty("--room-bar", `${this.root.offsetHeight}px`);
  }

  /** The line's words; the same are not said twice. */
  say(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }

  /** The line's buttons. */
  offer(...acts) {
    this.acts.replaceChildren(...acts);
  }

  /** What the panel shows, made anew only when `what` it is about changes, so that a button keeps its focus. Nothing closes it. */
  show(what, make = () => []) {
    if (what === this.#shown) return;
    this.#shown = what;
    const parts = make();
    this.panel.replaceChildren(...parts);
    this.panel.hidden = parts.length === 0;
  }

  /** While a question is open the page tells nothing that a run has at its end; one that follows to its guess, nothing around the charts either. */
  asks(question, following = true) {
    const open = Boolean(question?.open);
    document.documentElement.classList.toggle("room-asked", open);
    document.documentElement.classList.toggle("room-guess", open && following && question.guess !== "");
  }

  /** The class is over: a last word, until the visitor has read it. */
  end(words) {
    this.say(words);
    this.show("");
    this.asks(null);
    this.offer(button("Close", () => this.remove()));
  }

  remove() {
    this.root.remove();
    document.documentElement.classList.remove("in-room", "room-asked", "room-guess");
  }
}
