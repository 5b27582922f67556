// Whether the visitor has the charts in view: a run that was over before it was seen is played once more.

const UPPER_PART = { rootMargin: "0px 0px -30% 0px" };

/** Whether an element is what the visitor looks at: half of it is in the window, or it is half of the window. */
export function fills(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return seen > 0 && seen >= Math.min(height, innerHeight) / 2;
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
