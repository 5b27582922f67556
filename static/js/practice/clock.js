// Thirty seconds that the visitor starts: shown as a number, and as a ring where motion is welcome. It forces nothing when it is over.

const SECONDS = 30;

export class Clock {
  /** `element` holds the button, the time left and, below, what is said at the end. */
  constructor(element) {
    this.button = element.querySelector("[data-action=clock]");
    this.left = element.querySelector(".left");
    this.over = element.querySelector(".over");
    this.button.addEventListener("click", () => this.start());
    this.reset();
  }

  reset() {
    clearInterval(this.timer);
    this.button.hidden = false;
    this.left.hidden = true;
    this.over.textContent = "";
  }

  start() {
    this.began = performance.now();
    this.button.hidden = true;
    this.left.hidden = false;
    this.timer = setInterval(() => this.tick(), 200);
    this.tick();
  }

  tick() {
    const left = Math.max(0, SECONDS - (performance.now() - this.began) / 1000);
    this.left.textContent = `${Math.ceil(left)} s`;
    this.left.style.setProperty("--share", left / SECONDS);
    if (left) return;
    clearInterval(this.timer);
    this.over.textContent = "The thirty seconds are over. Finish your sentence, then look.";
  }
}
