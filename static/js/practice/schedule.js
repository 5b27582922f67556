// When a card comes back: FSRS-6 (ts-fsrs) models how long it is remembered and when nine in ten would still know it. A card that is not
// known yet comes again in ten minutes, with gaps in fifteen. As py-fsrs, the reference, has it with one step of ten minutes; a test
// compares the two. Days are whole ones of 24 hours since the last review, as there.
import { FSRSAlgorithm } from "../../vendor/ts-fsrs-5.4.2.min.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
const STEP = 10 * MINUTE;
const AGAIN = 1;
const HARD = 2;
const UNSEEN = { memory: null, known: false, last: null, due: null };

const model = new FSRSAlgorithm({ request_retention: 0.9, enable_fuzz: false });

function wait(grade, known, memory, days) {
  if (grade === AGAIN) return STEP;
  if (grade === HARD && !known) return 1.5 * STEP;
  return model.next_interval(memory.stability, days) * DAY;
}

/** A card after one more review. */
function reviewed(card, [now, grade]) {
  const days = card.last === null ? 0 : Math.max(0, Math.floor((now - card.last) / DAY));
  const memory = model.next_state(card.memory, days, grade);
  const known = grade > HARD || (grade === HARD && card.known);
  return { memory, known, last: now, due: now + wait(grade, card.known, memory, days) };
}

/** A card after all its reviews, in the order of time: what is remembered of it (`memory`), and when it is `due`. */
export function scheduled(reviews) {
  return reviews.reduce(reviewed, UNSEEN);
}

/** In how many milliseconds it would come back after each of the four grades given now. */
export function waits(reviews, now) {
  const card = scheduled(reviews);
  return [1, 2, 3, 4].map((grade) => reviewed(card, [now, grade]).due - now);
}

/** A time that passes, in words: "10 min", "3 days", "2.5 months". */
export function inWords(milliseconds) {
  const days = milliseconds / DAY;
  if (days < 1 / 24) return `${Math.max(1, Math.round(milliseconds / MINUTE))} min`;
  if (days < 1) return plural(Math.round(days * 24), "hour");
  if (days < 30.5) return plural(Math.round(days), "day");
  return days < 365 ? plural(Math.round(days / 3.05) / 10, "month") : plural(Math.round(days / 36.5) / 10, "year");
}

function plural(number, unit) {
  return `${number} ${unit}${number === 1 ? "" : "s"}`;
}
