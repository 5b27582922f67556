// What the form of controls says: the stops of a slider, and the run that its values make.

/** The stops of a slider, as the form sends them. */
export const stopsOf = (range) => range.dataset.stops.split(" ");

/** The address of the stream of the run that a form says, or would with other values. */
export function addressOf(form, others = {}) {
  const values = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(others)) values.set(name, value);
  for (const name of ["pin", "embed", "present"]) values.delete(name); // the page's own; a run does not know them
  return `${form.getAttribute("action")}/stream?${String(values).replaceAll("*", "%2A").replaceAll("%7E", "~")}`; // as the server writes it
}
