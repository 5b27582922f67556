// Tables, and the one that holds the numbers of every chart at the moment shown.
import { EXACT, numberOf } from "./numbers.js";
import { saveText } from "./picture.js";
import { csvOf, sheetsOf } from "./sheets.js";
import { titleOf } from "./words.js";

/** An element with text and attributes. */
export function element(name, text = "", attributes = {}) {
  const made = Object.assign(document.createElement(name), { textContent: text });
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A row: its head, then a cell a text. */
export function row(head, cells) {
  const made = element("tr");
  made.append(element("th", head, { scope: "row" }), ...cells.map((text) => element("td", text)));
  return made;
}

/** A table with a head a column; rows may be put in later, by section. */
export function table(caption, heads, rows = []) {
  const made = element("table");
  const head = element("thead");
  const top = element("tr");
  top.append(...heads.map((text) => (text ? element("th", text, { scope: "col" }) : element("td"))));
  head.append(top);
  made.append(element("caption", caption), head);
  if (rows.length) made.append(section(rows));
  return made;
}

/** Rows that belong together. */
export function section(rows) {
  const made = element("tbody");
  made.append(...rows);
  return made;
}

const MOST_ROWS = 200; // that the page shows; a file has all
const MOST_COLUMNS = 40;

const told = new WeakMap(); // place -> the timeline and the frame that its tables are of

/** Every chart's traces at a moment, in numbers; tables that are there stay, with who is reading them. */
export function data(place, timeline, frame) {
  const before = told.get(place);
  if (place.hasChildNodes() && before?.timeline === timeline && before.frame === frame) return;
  told.set(place, { timeline, frame });
  const boxes = timeline.charts.flatMap((chart) => {
    const sheets = sheetsOf(titleOf(chart), timeline.start.charts[chart], timeline.traces(chart, frame));
    return sheets.map((sheet, at) => sheetBox(sheet, chart, `${timeline.start.topic}-${chart}${at ? `-${at + 1}` : ""}.csv`));
  });
  place.replaceChildren(...boxes);
}

/** A sheet as a table that scrolls in its place, with a button that saves it. */
function sheetBox(sheet, chart, file) {
  const box = element("div", "", { class: "numbers", "data-chart": chart });
  const scroller = element("div", "", { class: "scroller", role: "group", tabindex: "0", "aria-label": sheet.caption });
  scroller.append(sheetTable(sheet));
  const button = element("button", "Download as CSV", { type: "button", class: "quiet", "aria-label": `Download as CSV: ${sheet.caption}` });
  button.addEventListener("click", () => saveText(csvOf(sheet), "text/csv", file));
  box.append(scroller, button);
  return box;
}

/** The newest rows of a sheet, numbers as they are read. */
function sheetTable({ caption, heads, rows }) {
  const cut = [rows.length > MOST_ROWS && `the last ${MOST_ROWS} of ${rows.length} rows`, heads.length > MOST_COLUMNS && `the first ${MOST_COLUMNS} of ${heads.length} columns`];
  const note = cut.filter(Boolean).join(", ");
  const shown = rows.slice(-MOST_ROWS).map((cells) => {
    const [head, ...others] = cells.slice(0, MOST_COLUMNS).map((value, at) => said(value, at ? undefined : EXACT));
    return row(head, others);
  });
  return table(note ? `${caption} (${note}; the file has all)` : caption, heads.slice(0, MOST_COLUMNS).map((head) => said(head)), shown);
}

function said(value, digits) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return typeof value === "number" ? numberOf(value, digits) : String(value);
}
