// A session: asks one card after the other, shows its answer when the visitor wants it, takes the grade and keeps it.
import { Clock } from "./clock.js";
import { NEW_A_DAY, next, standing } from "./queue.js";
import { add, kept } from "./reviews.js";
import { inWords, waits } from "./schedule.js";

const CONTROLS = "a, button, input, summary";

function cards(number, what) {
  return `${number} ${number === 1 ? "card" : "cards"} ${what}`;
}

/** Writes what is new: who reads aloud is to be told nothing twice. */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export class Session {
  /** `element`: the section of the page; `deck`: name -> the element of a card, in the order of the pages. */
  constructor(element, deck) {
    Object.assign(this, { element, deck, more: 0, name: null });
    this.find = (selector) => element.querySelector(selector);
    this.clock = new Clock(this.find(".thinking"));
    element.addEventListener("click", ({ target }) => this.press(target.closest("[data-action], [data-grade]")));
    element.addEventListener("keydown", (event) => this.type(event));
    element.addEventListener("change", () => this.tell());
    this.rest();
  }

  get standing() {
    return standing([...this.deck.keys()], kept(), Date.now(), this.more);
  }

  press(button) {
    const { action, grade } = button?.dataset ?? {};
    if (action === "begin") this.begin();
    else if (action === "reveal") this.reveal();
    else if (grade) this.grade(Number(grade));
  }

  /** Space shows the answer and 1 to 4 grade it, while the focus is in the session (WCAG 2.1.4). */
  type(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const { state } = this.element.dataset;
    if (event.key === " " && state === "asking" && !event.target.closest(CONTROLS)) this.reveal();
    else if (/^[1-4]$/u.test(event.key) && state === "answered") this.grade(Number(event.key));
    else return;
    event.preventDefault();
  }

  show(state) {
    this.element.dataset.state = state;
    this.find(".idle").hidden = state !== "idle";
    this.find(".asking").hidden = state === "idle";
    this.find(".thinking").hidden = state !== "asking";
    this.find(".answered").hidden = state !== "answered";
  }

  /** Nothing is asked: says what there is to do, and when the next card comes. */
  rest() {
    this.show("idle");
    const now = Date.now();
    const { due, fresh, coming, unseen } = this.standing;
    this.count();
    const done = !due.length && !fresh.length;
    this.find(".nothing").hidden = !done;
    write(this.find(".nothing"), coming.length ? `Done for now. The next card is due in ${inWords(coming[0].due - now)}.` : "");
    const button = this.find("[data-action=begin]");
    button.disabled = done && !unseen;
    button.textContent = done && unseen ? cards(Math.min(NEW_A_DAY, unseen), "more") : "Begin";
  }

  count() {
    const { due, fresh, unseen } = this.standing;
    write(this.find(".counts"), `${cards(due.length, "due")} · ${fresh.length} new for today · ${unseen - fresh.length} new for later`);
  }

  begin() {
    const { due, fresh } = this.standing;
    if (!due.length && !fresh.length) this.more += NEW_A_DAY;
    this.goOn();
  }

  goOn() {
    const name = next(this.standing, Date.now());
    if (name) this.ask(name);
    else {
      this.rest();
      this.element.focus();
    }
  }

  ask(name) {
    this.name = name;
    const card = this.deck.get(name);
    const topic = this.deck.get(name.split("/")[0]);
    this.find(".kicker").textContent = topic === card ? "" : `A follow-up to “${topic.querySelector(".question").textContent}”`;
    this.find(".asked").innerHTML = card.querySelector(".question").innerHTML;
    this.clock.reset();
    this.count();
    this.show("asking");
    this.element.scrollIntoView({ block: "nearest" });
    this.find(".asked").focus();
  }

  reveal() {
    clearInterval(this.clock.timer);
    this.find(".answer").replaceChildren(this.deck.get(this.name).querySelector(".back").cloneNode(true));
    for (const box of this.element.querySelectorAll(".answer input")) box.checked = false;
    const texts = waits(kept().get(this.name) ?? [], Date.now()).map(inWords);
    for (const [place, text] of texts.entries()) this.find(`[data-grade="${place + 1}"] .next`).textContent = text;
    this.tell();
    this.show("answered");
    this.find(".answer").focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "start" }); // the question stays in sight
  }

  /** How many points were ticked. */
  tell() {
    const boxes = [...this.element.querySelectorAll(".answer input")];
    this.find(".said").textContent = `You ticked ${boxes.filter((box) => box.checked).length} of ${boxes.length} ${boxes.length === 1 ? "point" : "points"}.`;
  }

  grade(grade) {
    const lasts = add(new Map([[this.name, [[Date.now(), grade]]]]));
    this.element.dispatchEvent(new CustomEvent("graded", { bubbles: true, detail: { lasts } }));
    this.goOn();
  }
}
