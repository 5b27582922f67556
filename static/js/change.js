// What a change did, in a sentence: what was changed, and the numbers that matter before and after.
import { changed, labelOf, valueOf } from "./differences.js";
import { numberOf } from "./numbers.js";

const MOST_CHANGES = 3; // that are named
const MOST_NUMBERS = 2;
const DIGITS = 3; // significant ones: a sentence is read, not measured with
const LONGEST_VALUE = 28; // characters of a typed text that a sentence repeats

const brief = (value) => value.length <= LONGEST_VALUE && !value.includes("\n");

function joined(said) {
  const more = said.length - MOST_CHANGES;
  return more > 0 ? `${said.slice(0, MOST_CHANGES).join(", ")} and ${more} more` : said.join(", ");
}

/** In words, what one run's values have that another's have not: "learning rate 0.1, seed 3". */
export function named(params, others) {
  return joined(changed([params, others]).map((name) => (brief(valueOf(name, params[name])) ? `${labelOf(name)} ${valueOf(name, params[name])}` : `another ${labelOf(name)}`)));
}

/** "Learning rate 0.3 to 0.1". */
function whatChanged(before, after) {
  const said = changed([before, after]).map((name) => {
    const [from, to] = [before, after].map((params) => valueOf(name, params[name]));
    return brief(from) && brief(to) ? `${labelOf(name)} ${from} to ${to}` : `another ${labelOf(name)}`;
  });
  const words = joined(said);
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** How much two numbers differ, as a share of the larger; all of it where only one of them is finite. */
function apart(now, before) {
  if (!Number.isFinite(now) || !Number.isFinite(before)) return 1;
  return Math.abs(now - before) / Math.max(Math.abs(now), Math.abs(before));
}

/** The numbers that read otherwise than before: of many those that differ most, in the order in which they were given. */
function striking(numbers) {
  const differing = numbers.filter(({ now, before }) => numberOf(now, DIGITS) !== numberOf(before, DIGITS));
  const ranked = differing.toSorted((one, other) => apart(other.now, other.before) - apart(one.now, one.before));
  const most = new Set(ranked.slice(0, MOST_NUMBERS));
  return differing.filter((one) => most.has(one));
}

const pair = ({ name, now, before }) => `${name} ${numberOf(now, DIGITS)}, before ${numberOf(before, DIGITS)}`;

/** The lines of a chart at the end of both runs, named by what its upright axis measures. */
function chartSaid(live, last, chart) {
  if (!(chart in last.start.charts)) return "";
  const before = new Map(last.newest(chart).map(({ uid, value }) => [uid, value]));
  const both = live.newest(chart).filter(({ uid }) => before.has(uid));
  const numbers = striking(both.map(({ uid, name, value }) => ({ name, now: value, before: before.get(uid) })));
  if (!numbers.length) return "";
  const axis = live.start.charts[chart].layout.yaxis?.title?.text ?? "";
  const clear = both.length === 1 && (numbers[0].name.includes(axis) || axis.includes(numbers[0].name));
  return `${clear || !axis ? "" : `${axis}: `}${numbers.map(pair).join("; ")}`;
}

/** The claims that speak of both runs, in pairs. */
function claimsOfBoth(live, last) {
  const pairs = live.done.claims.map((claim, place) => [claim, last.done.claims[place]]);
  return pairs.filter((claims) => claims.every((claim) => claim?.applies));
}

/** What was measured for a claim, on pages whose charts have no lines that grow. */
function claimsSaid(live, last) {
  const numbers = claimsOfBoth(live, last).map(([now, before]) => ({ name: now.text.replace(/[.:]$/u, ":"), now: now.measured, before: before.measured }));
  return striking(numbers).slice(0, 1).map(pair).join("");
}

/** How many claims hold of those that speak of both runs, now and before. */
function verdicts(live, last) {
  const both = claimsOfBoth(live, last);
  const [now, before] = [0, 1].map((run) => both.filter((claims) => claims[run].holds).length);
  return now === before ? "" : `${now} of ${both.length} claims hold, before ${before}`;
}

function ending(live, last) {
  const [now, before] = [live, last].map((run) => run.done.outcome === "diverged");
  if (now === before) return "";
  return now ? "this run diverged, the one before did not" : "this run did not diverge, the one before did";
}

/** The whole sentence once the live run is here; until then what was changed. */
export function sentence(live, last) {
  const what = whatChanged(last.start.params, live.start.params);
  if (!live.done) return `${what} …`;
  const charts = live.charts.map((chart) => chartSaid(live, last, chart));
  const told = [charts.find(Boolean) ?? claimsSaid(live, last), verdicts(live, last), ending(live, last)].filter(Boolean);
  return `${what}: ${told.length ? told.join("; ") : "the numbers at the end are the same"}.`;
}
