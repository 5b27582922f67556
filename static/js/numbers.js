// Numbers as people read them: the one rule of every page. As app/wording.py; tests/numbers.json holds both to it.

export const MEASURED = 4; // significant digits
export const EXACT = 12; // of what was chosen or counted, which is said whole

const [DECIMALS, GROUPED, LONG] = [-4, 4, 9]; // powers of ten: written in full from the first on, in groups of three digits, and no more
const BETWEEN_GROUPS = /(?<!\..*)(?<=\d)(?=(?:\d{3})+(?!\d))/gu; // a browser's own formatter takes a phone 50 ms to make

/** A number to be read: "−2.5", "0.0005", "32,040,000", and "5e−5" or "1e9" where zeros would have to be counted. */
export function numberOf(value, digits = MEASURED) {
  if (!Number.isFinite(value)) return "no finite number"; // null and undefined too
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e").map(Number);
  if (mantissa === 0) return "0";
  return formOf(value, digits, mantissa, exponent).replaceAll("-", "−");
}

function formOf(value, digits, mantissa, exponent) {
  if (exponent < DECIMALS || exponent >= LONG) return `${mantissa}e${exponent}`;
  const rounded = Number(value.toPrecision(digits));
  return exponent < GROUPED ? String(rounded) : String(rounded).replaceAll(BETWEEN_GROUPS, ",");
}
