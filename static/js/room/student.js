// A student's page: follows what the teacher shows, until the student looks around alone, and answers what the teacher asks.
import { actionOf } from "../keys.js";
import { element } from "../tables.js";
import { Bar, answers, button } from "./bar.js";
import { Line } from "./line.js";
import { bringCharts, closeGuess, goTo, letGo, showMoment } from "./run.js";
import { forgetRoom, keepRoom, seatIn } from "./storage.js";
import { Verdict, inWords } from "./verdict.js";

const OWN = "#controls, .player, .tabs, .guesses"; // whoever touches these looks around alone

/** Whether a link leads away from this page. */
const leads = (link) => !link.download && !link.target && link.origin === location.origin && link.pathname + link.search !== location.pathname + location.search;

export class Student {
  #room;
  #bar;
  #line;
  #state = null;
  #read = null; // the number of the question whose answers this visitor has closed
  #verdict = new Verdict(() => this.#state?.question, () => this.#show());

  constructor(room) {
    this.#room = room;
    this.#bar = new Bar(room.code);
    const heard = { onState: this.#take.bind(this), onOver: this.#over.bind(this), onTrouble: (words) => this.#say(words) };
    this.#line = new Line(room.code, { "Room-Seat": seatIn(room.code) }, heard);
    this.#follow(room.following);
    this.#watch();
    this.#line.open();
  }

  /** Follows the class, or looks around alone; remembered for the next page. */
  #follow(following) {
    this.#room.following = following;
    keepRoom(this.#room);
    this.#say("");
    letGo();
    if (following) closeGuess();
    if (following) this.#bar.offer(button("Look around", () => this.#follow(false)));
    else this.#bar.offer(button("Rejoin", () => this.#follow(true), "button"), button("Leave", () => this.#leave()));
    this.#apply();
  }

  #say(trouble) {
    this.#bar.say(trouble || (this.#room.following ? "You are following the class" : "You are looking around on your own"));
  }

  #leave() {
    this.#line.close();
    forgetRoom();
    this.#bar.remove();
  }

  /** Notices what the visitor does, and not what this module does: that is no trusted event. */
  #watch() {
    const own = (event, place) => event.isTrusted && this.#room.following && event.target.closest?.(place);
    for (const type of ["input", "change", "submit", "click"])
      document.addEventListener(type, (event) => own(event, OWN) && this.#follow(false), { capture: true });
    document.addEventListener("keydown", (event) => own(event, "*") && actionOf(event) && document.querySelector("live-run") && this.#follow(false), { capture: true });
    document.addEventListener("click", (event) => {
      const link = own(event, "a[href]");
      if (link && leads(link)) this.#follow(false);
    }, { capture: true });
    document.addEventListener("run:start", () => this.#apply());
  }

  #take(state) {
    const played = this.#state?.question?.open && state.question?.number === this.#state.question.number && !state.question.open;
    this.#state = state;
    this.#apply();
    this.#show();
    if (played && this.#room.following) bringCharts();
  }

  #show() {
    const { question, counts } = this.#state;
    const told = this.#verdict.of(question);
    if (question?.number === this.#read) this.#bar.show("");
    else this.#bar.show(JSON.stringify([question, counts, this.#mine(), told]), () => this.#question(question, counts, told));
  }

  #apply() {
    this.#bar.asks(this.#state?.question, this.#room.following);
    if (!this.#room.following || !this.#state?.page) return;
    goTo(this.#state);
    showMoment(this.#state);
  }

  /** The option chosen here for the question asked now; null for none. */
  #mine() {
    const { answered } = this.#room;
    return answered && answered.number === this.#state.question?.number ? answered.option : null;
  }

  #question(question, counts, told) {
    if (!question) return [];
    const mine = this.#mine();
    if (!question.open) {
      const close = button("Close", () => this.#close(question.number));
      return [element("p", question.text), answers(question, counts, { mine, right: told?.right }), ...(told ? inWords(question, told) : []), close];
    }
    if (mine !== null) return [element("p", `You chose ${question.options[mine]}. The run will tell.`, { role: "status" })];
    const choices = question.options.map((option, place) => button(option, () => this.#vote(question.number, place)));
    return [element("p", question.text, { role: "status" }), ...choices];
  }

  #close(number) {
    this.#read = number;
    this.#show();
  }

  async #vote(number, option) {
    const status = await this.#line.post("vote", { number, option });
    if (status !== 204) return this.#bar.say(status === 409 ? "This question was answered, or is over" : "The answer did not get through: try again");
    this.#room.answered = { number, option };
    keepRoom(this.#room);
    return this.#take(this.#state);
  }

  #over() {
    forgetRoom();
    this.#bar.end("The class is over");
  }
}
