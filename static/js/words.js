// What the page says in words: a run's state, its claims, and each chart for those who cannot see it.
import { EXACT, numberOf } from "./numbers.js";

/** What the page calls a chart, without the help on clicks that stands behind its title. */
export function titleOf(chart) {
  return document.querySelector(`#chart-${CSS.escape(chart)} figcaption`)?.firstChild.textContent.trim() ?? chart;
}

/** For a run that has no slot yet. */
export function waitingText(ahead) {
  if (ahead === 0) return "Waiting for a free slot: yours is the next run.";
  return `Waiting for a free slot: ${ahead} ${ahead === 1 ? "run is" : "runs are"} ahead of yours.`;
}

/** What a run measured for a claim. */
export const measuredText = ({ measured, was_measured: was }) => (was ? numberOf(measured) : "not measured");

/** What the row of a claim says; before the run has ended, that it is still being measured. */
export function claimTexts(claim) {
  if (!claim) return { cells: ["…", "", ""], holds: "unknown" };
  const measured = measuredText(claim);
  if (!claim.applies) return { cells: [measured, elsewhere(claim), "does not apply"], holds: "none" };
  return { cells: [measured, claim.expected, claim.holds ? "holds" : "does not hold"], holds: claim.holds };
}

const MOST_TOLD = 2; // claims whose numbers the one announcement of a run repeats

/** The claims that matter most, with their numbers: those that do not hold, then those that the page names first. */
function numbersText(counted) {
  const failed = counted.filter((claim) => !claim.holds);
  const told = [...failed, ...counted.filter((claim) => claim.holds)].slice(0, MOST_TOLD);
  return told.map((claim) => `${claim.text.replace(/[.:]$/u, "")}: ${measuredText(claim)}${claim.holds ? "" : ", which does not hold"}.`).join(" ");
}

/** How a run ended and what it measured, for those who do not see its charts come to rest. */
export function outcomeText({ outcome, steps, claims }) {
  const counted = claims.filter((claim) => claim.applies);
  const held = counted.filter((claim) => claim.holds).length;
  const ended = `Run ${outcome === "diverged" ? "diverged" : "finished"} after ${numberOf(steps, EXACT)} ${steps === 1 ? "step" : "steps"}`;
  if (!counted.length) return `${ended}.`;
  return `${ended}; ${held} of ${counted.length} ${counted.length === 1 ? "claim holds" : "claims hold"}. ${numbersText(counted)}`;
}

/** Off its ground a claim speaks all the same: of what runs measure there. */
function elsewhere({ usual, ground }) {
  return usual === null ? `(at ${ground})` : `${numberOf(usual)} at ${ground}`;
}

/** Each series of a chart with its newest number. */
export function summary(title, traces) {
  const told = traces.filter((trace) => trace.uid && trace.name && trace.y?.length && !trace.z);
  const words = told.slice(0, 8).map((trace) => `${trace.name} ${numberOf(trace.y.at(-1))}`);
  return words.length ? `${title}. Now: ${words.join(", ")}.` : title;
}
