// Whether the visitor has the charts in view: where they stand below the text, a run that began at once would be over before it is seen.

const stacked = matchMedia("(max-width: 860px)"); // as in the stylesheet
const UNSEEN_WAIT = 6000; // milliseconds: then it begins all the same
const UPPER_PART = { rootMargin: "0px 0px -30% 0px" };

/** Whether an element is what the visitor looks at: half of it is in the window, or it is half of the window. */
export function fills(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
  return seen > 0 && seen >= Math.min(height, innerHeight) / 2;
}

/**
 * Calls `begin` at once where the charts stand beside the controls. Elsewhere `seen` when they are scrolled to, and `begin` when that
 * takes long. The signal ends the watch.
 */
export function whenInSight(charts, signal, begin, seen) {
  if (!stacked.matches) return begin();
  const eye = new IntersectionObserver(([place]) => {
    if (!place.isIntersecting) return;
    eye.disconnect();
    seen();
  }, UPPER_PART);
  eye.observe(charts);
  const timer = setTimeout(begin, UNSEEN_WAIT);
  signal.addEventListener("abort", () => {
    eye.disconnect();
    clearTimeout(timer);
  });
}
