// The keyboard: space plays and pauses, arrows step, wherever the focus rests, unless it rests on what has these keys itself.

const KEYS = { " ": "toggle", ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
const THEIR_OWN = "input, select, textarea, button, a, summary, [contenteditable], [tabindex='0']";

/** What the player should do at a key, or nothing; Home and End count only with the focus within the run. */
export function actionOf(event, run) {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.target.closest(THEIR_OWN)) return null;
  const what = KEYS[event.key];
  return (what === "first" || what === "last") && !run.contains(event.target) ? null : what;
}
