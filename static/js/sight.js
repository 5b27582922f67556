// What the visitor has in view: only those charts are drawn, and a run that was over before it was seen is played once more.

const UPPER_PART = { rootMargin: "0px 0px -30% 0px" };

/** Where the window ends for who looks: on a phone the sheet of controls covers its foot. */
function foot() {
  const controls = document.querySelector(".experiment > .controls");
  const { position, bottom } = controls ? getComputedStyle(controls) : {};
  return position === "sticky" && bottom === "0px" ? innerHeight - controls.offsetHeight : innerHeight;
}

/** Whether an element is what the visitor looks at: half of it is in the window, or it is half of the window. */
export function fills(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  const seen = Math.min(bottom, foot()) - Math.max(top, 0);
  return seen > 0 && seen >= Math.min(height, foot()) / 2;
}

/** Whether the text is what one reads: it has come up to the middle of the window. The space key scrolls it, also with the charts beside it. */
export function inText() {
  const text = document.querySelector(".topic > .prose");
  return Boolean(text) && text.getBoundingClientRect().top < innerHeight / 2;
}

/** Calls `seen` once, when an element first comes into the upper part of the window. The signal ends the watch. */
export function whenSeen(element, signal, seen) {
  const eye = new IntersectionObserver(([place]) => {
    if (!place.isIntersecting) return;
    eye.disconnect();
    seen();
  }, UPPER_PART);
  eye.observe(element);
  signal.addEventListener("abort", () => eye.disconnect());
}

const AHEAD = "60% 0px"; // of the window: what is scrolled into it has been drawn by then

/** Which elements are in the window, and from the first scrolling on near it; drawing takes a slow machine's time, which is for what is seen. */
export class Nearby {
  #near = new WeakMap(); // element -> whether it is
  #eye = null;

  /** Calls `came` when one has come near. The signal ends the watch. */
  constructor(signal, came) {
    this.came = came;
    addEventListener("scroll", () => this.#widen(), { once: true, passive: true, signal });
    signal.addEventListener("abort", () => this.#eye?.disconnect());
  }

  has(element) {
    if (!this.#near.has(element)) this.#watch(element);
    return this.#near.get(element);
  }

  /** From now on; what the eye says of it comes somewhat later. To ask where the window ends costs a page that has just come its layout. */
  #watch(element) {
    if (!this.#eye) this.#look(`0px 0px ${foot() - innerHeight}px`);
    this.#eye.observe(element);
    this.#near.set(element, inWindow(element));
  }

  #look(rootMargin) {
    this.#eye?.disconnect();
    this.#near = new WeakMap();
    this.#eye = new IntersectionObserver((places) => this.#seen(places), { rootMargin });
  }

  #widen() {
    this.#look(AHEAD);
    this.came();
  }

  #seen(places) {
    const come = places.filter(({ target, isIntersecting }) => isIntersecting && !this.#near.get(target));
    for (const { target, isIntersecting } of places) this.#near.set(target, isIntersecting);
    if (come.length) this.came();
  }
}

function inWindow(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > Math.max(0, top) && top < foot();
}
