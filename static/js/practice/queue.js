// Which card comes next: what is due, the longest due first; then a few new ones a day, in the order of the pages; then, sooner than it
// is due, what is being learned just now.
import { scheduled } from "./schedule.js";

/** New cards that a day begins with. */
export const NEW_A_DAY = 10;
const AHEAD = 20 * 60_000;

function isToday(time, now) {
  return new Date(time).toDateString() === new Date(now).toDateString();
}

/** How the cards of these names stand: `due`, `fresh` (new ones for today, `more` beyond the daily number), `coming` with their times, `unseen` in all. */
export function standing(names, reviews, now, more = 0) {
  const seen = names.filter((name) => reviews.get(name)?.length).map((name) => ({ name, ...scheduled(reviews.get(name)) }));
  seen.sort((a, b) => a.due - b.due);
  const unseen = names.filter((name) => !reviews.get(name)?.length);
  const begun = seen.filter(({ name }) => isToday(reviews.get(name)[0][0], now)).length;
  return {
    due: seen.filter(({ due }) => due <= now).map(({ name }) => name),
    fresh: unseen.slice(0, Math.max(0, NEW_A_DAY + more - begun)),
    coming: seen.filter(({ due }) => due > now),
    unseen: unseen.length,
  };
}

/** The name of the card to be asked next, null when there is none for now. */
export function next({ due, fresh, coming }, now) {
  const soon = coming.find((card) => !card.known && card.due - now <= AHEAD);
  return due[0] ?? fresh[0] ?? soon?.name ?? null;
}
