// What a visitor has practised: for each card, when it was graded and how. Kept in this browser and in files, and nowhere else; the
// schedule is computed from it (schedule.js), so that two browsers' reviews can be put together and none is ever overwritten.

const KEY = "practice reviews";
const FORMAT = "Watch It Learn practice";
const VERSION = 1;
const NAME = /^[\w-]{1,100}(\/[\w-]{1,100})?$/u;
const LATEST = 8.64e15; // of all times that a Date can hold

/** What could not be kept, until the page is left. */
let unkept = null;

function isReview([time, grade, ...more]) {
  return Number.isSafeInteger(time) && time >= 0 && time <= LATEST && [1, 2, 3, 4].includes(grade) && !more.length;
}

function read(name, reviews, latest) {
  if (!NAME.test(name) || !Array.isArray(reviews)) throw new Error(`has no list of reviews where it names “${name.slice(0, 60)}”.`);
  for (const one of reviews) {
    if (!Array.isArray(one) || !isReview(one)) {
      throw new Error(`has a review of “${name}” that cannot be read: ${JSON.stringify(one).slice(0, 60)}. A time in milliseconds and a grade from 1 to 4 are wanted.`);
    }
    if (one[0] > latest) throw new Error(`has a review of “${name}” that lies in the future: ${new Date(one[0]).toISOString()}.`);
  }
  return [name, reviews];
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("is not JSON.");
  }
}

/** The reviews that a text holds, card by card, none later than `latest`. Throws an Error that says what is wrong with the text. */
export function fromText(text, latest = LATEST) {
  const said = parsed(text);
  if (said?.format !== FORMAT || typeof said.reviews !== "object" || said.reviews === null) throw new Error("was not saved from this page.");
  if (said.version !== VERSION) throw new Error(`is of version ${JSON.stringify(said.version)?.slice(0, 20)}; this page reads version ${VERSION}.`);
  return together(new Map(), new Map(Object.entries(said.reviews).map(([name, reviews]) => read(name, reviews, latest))));
}

/** The same as a text. */
export function toText(reviews) {
  return JSON.stringify({ format: FORMAT, version: VERSION, reviews: Object.fromEntries(reviews) });
}

/** All reviews of both, each once, in the order in which they were given. */
export function together(some, others) {
  const all = new Map();
  for (const name of new Set([...some.keys(), ...others.keys()])) {
    const byTime = new Map();
    for (const [time, grade] of [...(some.get(name) ?? []), ...(others.get(name) ?? [])]) byTime.set(time, Math.min(grade, byTime.get(time) ?? 4));
    all.set(name, [...byTime].toSorted(([a], [b]) => a - b));
  }
  return all;
}

/** How many reviews there are. */
export function count(reviews) {
  return [...reviews.values()].reduce((sum, each) => sum + each.length, 0);
}

/** What this browser keeps. A text that cannot be read is put aside. */
export function kept() {
  if (unkept) return unkept;
  let text = null;
  try {
    text = localStorage.getItem(KEY);
    return text === null ? new Map() : fromText(text);
  } catch {
    putAside(text);
    return new Map();
  }
}

function putAside(text) {
  try {
    if (text !== null) localStorage.setItem(`${KEY}, unreadable`, text);
  } catch {
    // nothing is kept here
  }
}

/** Adds reviews to what is kept; false when this browser keeps nothing, and they last until the page is left. */
export function add(reviews) {
  const all = together(kept(), reviews);
  try {
    localStorage.setItem(KEY, toText(all));
    unkept = null;
    return true;
  } catch {
    unkept = all;
    return false;
  }
}
