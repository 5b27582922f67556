// What the run told, at its end, of the guess that the class was asked: the run is the judge, on every page for itself.
import { numberOf } from "../numbers.js";
import { element } from "../tables.js";

/** What the run on this page told of that guess; null for letters, and for another run. */
const toldHere = (guess) => document.getElementById("run")?.timeline?.done?.guesses?.find(({ name }) => name === guess) ?? null;

export class Verdict {
  #number = 0; // of the question it is about
  #told = null;

  /** `asked()` is the question of the room; `changed()` is called once the run has been played to its end. */
  constructor(asked, changed) {
    document.addEventListener("run:rests", () => {
      const question = asked();
      if (!question || question.open) return;
      this.#number = question.number;
      this.#told = toldHere(question.guess);
      changed();
    });
  }

  /** What is told of the question; null while it is open, or its run still plays. */
  of(question) {
    return question && !question.open && question.number === this.#number ? this.#told : null;
  }
}

/** A verdict in words; where the window is narrow, why it is so waits to be asked for, and the chart that shows it is seen. */
export function inWords({ options }, { right, said, measured, why }) {
  const told = element("p", "", { class: "told", role: "status" });
  const because = element("details", "", { class: "because" });
  because.open = matchMedia("(min-width: 641px)").matches;
  because.append(element("summary", "Why"), element("p", `Measured: ${said}: ${measured.map((one) => numberOf(one)).join(", ")}. ${why}`));
  told.append(element("strong", right === null ? "None of these, in this run." : `It is: ${options[right]}.`));
  return [told, because];
}
