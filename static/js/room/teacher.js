// The teacher's page: tells the room which experiment and which moment it shows, asks, and sees the answers come in.
import { at } from "../address.js";
import { askGuess } from "../guess.js";
import { element } from "../tables.js";
import { Bar, answers, button } from "./bar.js";
import { Line, pause } from "./line.js";
import { closeGuess, guessesHere, play, shownHere } from "./run.js";
import { forgetRoom } from "./storage.js";
import { Verdict, inWords } from "./verdict.js";

const BETWEEN = 100; // milliseconds between two moves: ten a second, however fast the hand is
const AGAIN = 1000; // after one that did not get through
const MOVES = { subtree: true, attributes: true, attributeFilter: ["src", "data-frame", "data-playing"] };
const LETTERS = ["A", "B", "C", "D"];

const DONE = 204;
const SURE = "End for all?";

const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

export class Teacher {
  #bar;
  #line;
  #begun = true; // whether the run on the page has been drawn
  #again = false;
  #telling = null; // what tells the room, while it does
  #ending = false;
  #told = "";
  #state = { students: 0, question: null };
  #verdict = new Verdict(() => this.#state.question, () => this.#show());
  #asking = false; // whether the panel offers to ask

  constructor({ code, key }) {
    this.#bar = new Bar(code);
    const heard = { onState: this.#take.bind(this), onOver: this.#over.bind(this), onTrouble: (words) => this.#bar.say(words || this.#count()) };
    this.#line = new Line(code, { "Room-Key": key }, heard);
    this.#offer(code);
    this.#watch();
    this.#move();
    this.#line.open();
  }

  #offer(code) {
    const end = button("End", () => {
      if (end.textContent === SURE) this.#end();
      end.textContent = SURE;
    });
    const invite = element("a", "Code", { href: at(`/room/${code}`), class: "quiet", title: "The room’s code, its link and their picture" });
    this.#bar.offer(invite, button("Ask", () => this.#askOrNot(!this.#asking)), end);
  }

  // What is shown

  #watch() {
    new MutationObserver((records) => {
      if (records.some(({ attributeName, target }) => attributeName === "src" && target.id === "run")) this.#begun = false;
      this.#move();
    }).observe(document.body, MOVES);
    document.addEventListener("run:drawn", () => {
      this.#begun = true;
      this.#move();
    });
    document.addEventListener("guess", (event) => this.#played(event));
    for (const type of ["change", "htmx:after:swap"]) document.addEventListener(type, () => this.#move());
  }

  /** Tells the room; of many moves while one is on its way the last. */
  #move() {
    this.#again = true;
    this.#telling ??= this.#tellAll();
  }

  async #tellAll() {
    while (this.#again && !this.#ending && !this.#line.over) {
      this.#again = false;
      await pause(await this.#tell());
    }
    this.#telling = null;
  }

  /** Nothing is told to a room that is gone. */
  async #end() {
    this.#ending = true;
    await this.#telling;
    await this.#line.post("end");
  }

  /** How long to wait before the next move. What is not allowed is told to the teacher at its field, and to nobody else. */
  async #tell() {
    const move = shownHere(this.#begun);
    const said = JSON.stringify(move);
    if (!move || said === this.#told) return 0;
    const status = await this.#line.post("steer", move);
    this.#told = said;
    if (status !== 0 && status < 500) return BETWEEN;
    this.#told = "";
    this.#again = true;
    return AGAIN;
  }

  // What is asked

  #askOrNot(asking) {
    this.#asking = asking;
    this.#show();
  }

  async #ask(body) {
    this.#asking = false;
    play(false);
    this.#show();
    if ((await this.#line.post("ask", body)) !== DONE) this.#bar.say("The question did not get through: ask again");
  }

  /** A guess is asked where it stands on this page too: at its own values, with the run held at its first frame. */
  async #askGuess({ name, address }) {
    askGuess(name);
    await this.#ask({ guess: address });
  }

  /** Whoever plays the run of the guess from its own place on the page plays it for all. */
  #played({ detail }) {
    const { question } = this.#state;
    if (question?.open && question.guess === detail.name) this.#line.post("reveal");
  }

  async #reveal() {
    await this.#line.post("reveal");
    closeGuess();
    play(true);
  }

  #take(state) {
    this.#state = state;
    this.#bar.say(this.#count());
    this.#bar.asks(state.question);
    this.#show();
  }

  #count() {
    return many(this.#state.students, "student", "students");
  }

  #show() {
    const { question, counts } = this.#state;
    if (this.#asking) this.#bar.show("asking", () => this.#offers());
    else if (question) this.#bar.show(JSON.stringify([question, counts, this.#verdict.of(question)]), () => this.#answered(question, counts));
    else this.#bar.show("");
  }

  #offers() {
    const choices = [2, 3, 4].map((letters) => button(LETTERS.slice(0, letters).join(" "), () => this.#ask({ letters })));
    const aloud = [element("p", "Ask your question aloud. The class chooses a letter:"), ...choices, button("Not now", () => this.#askOrNot(false))];
    const guesses = guessesHere().map((guess) => button(guess.text, () => this.#askGuess(guess)));
    return guesses.length ? [element("p", "Ask a guess of this page:"), ...guesses, element("hr"), ...aloud] : aloud;
  }

  #answered(question, counts) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    const acts = element("p", "", { class: "acts" });
    if (question.open) acts.append(button("Play the run for all", () => this.#reveal(), "button"));
    acts.append(button(question.open ? "Take the question back" : "Close", () => this.#ask({})));
    const told = this.#verdict.of(question);
    const asked = question.guess ? [element("p", question.text)] : [];
    return [...asked, element("p", many(all, "answer", "answers")), answers(question, counts, { right: told?.right }), acts, ...(told ? inWords(question, told) : [])];
  }

  #over() {
    forgetRoom();
    this.#bar.end("The class is over, and the room is gone.");
  }
}
