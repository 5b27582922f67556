// Decimal commas, as app/decimals.py reads them; tests/decimals.json holds both to one table of cases.

const DECIMAL = /^[+-]?\d*,\d+(e[+-]?\d+)?$/iu;
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/u; // a comma that may as well stand between thousands

/** A number with a point for its decimal comma where the comma can be nothing else; any other text as it is. */
export function withPoint(text) {
  const plain = text.trim().replaceAll("−", "-");
  if (!DECIMAL.test(plain) || THOUSANDS.test(plain)) return text;
  return plain.replace(/^([+-]?),/u, "$10,").replace(",", ".");
}
