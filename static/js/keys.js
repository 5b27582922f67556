// The keyboard: space plays and pauses, arrows step, while the charts are what one sees and the focus rests on nothing that has these
// keys itself: a chart has the arrows. Elsewhere on the page they scroll, as on any page.

const KEYS = { " ": "toggle", ArrowLeft: "back", ArrowRight: "forward" };
const THEIR_OWN = "input, select, textarea, button, a, summary, [contenteditable], [tabindex='0']:not([data-kind='plot'])";
const WITH = ["altKey", "ctrlKey", "metaKey", "shiftKey", "isComposing", "defaultPrevented"];

/** What the player should do at a key, or nothing. */
export function actionOf(event) {
  return WITH.some((name) => event[name]) || event.target.closest?.(THEIR_OWN) ? null : KEYS[event.key];
}
