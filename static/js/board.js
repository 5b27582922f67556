// A board: lines of arithmetic that follow the frame, set as MathML, which screen readers read as mathematics. It stands where other
// charts have a plot, and answers to the same words, so that a run draws it like them.
export class Board {
  #shown = null;

  constructor(element) {
    this.element = element;
    this.draws = 0;
  }

  /** Forgets what is shown, so that the next `draw` draws. */
  stale() {
    this.#shown = null;
  }

  /** Writes the lines of the chart `name` of `timeline` at `frame`, unless they stand there. It takes no time to speak of. */
  draw(timeline, name, frame) {
    const shown = this.#shown;
    if (shown && shown.timeline === timeline && !timeline.differs(name, shown.frame, frame)) return false;
    const [{ customdata: lines = [] }] = timeline.traces(name, frame);
    this.element.innerHTML = lines.map((line) => `<p>${line}</p>`).join(""); // MathML that the server made
    this.#grow();
    this.#shown = { timeline, frame };
    this.draws += 1;
    this.element.dataset.draws = this.draws;
    return false;
  }

  /** Long lines are broken: the board keeps the most room that they took, so that nothing below it moves twice. */
  #grow() {
    const { element } = this;
    if (element.scrollHeight > element.clientHeight) element.style.minHeight = `${element.scrollHeight}px`;
  }
}
