// Clicks on charts that take them: a place on the chart becomes text in a field of the form, as if it had been typed there.
// The figure says which field, and whether places add up: data-click, data-click-adds.

/** A number as a visitor would type it: three digits, and 0 for what is nearer to it than any pixel. */
function rounded(value, axis) {
  const [low, high] = axis.range;
  const nothing = axis.type === "linear" && Math.abs(value) < Math.abs(high - low) / 1e4;
  return nothing ? 0 : Number(value.toPrecision(3));
}

/** Where on a drawn plot the pointer is, as [x, y] in the units of its axes; null outside of them. */
export function placeOn(plot, { clientX, clientY }) {
  if (!plot._fullLayout) return null;
  const { xaxis, yaxis } = plot._fullLayout;
  const { left, top } = plot.getBoundingClientRect();
  const [across, down] = [clientX - left - xaxis._offset, clientY - top - yaxis._offset];
  if (across < 0 || across > xaxis._length || down < 0 || down > yaxis._length) return null;
  return [rounded(xaxis.p2d(across), xaxis), rounded(yaxis.p2d(down), yaxis)];
}

/** Writes a place into the field that the figure names, and says so as the keyboard would. */
function write(figure, [x, y]) {
  const field = document.getElementById("controls")?.elements[figure.dataset.click];
  if (!field) return;
  const adds = "clickAdds" in figure.dataset;
  const before = field.value.trim().replace(/\s*;$/u, "");
  if (adds) field.value = before ? `${before}; ${x} ${y}` : `${x} ${y}`;
  else field.value = `${x}, ${y}`;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** Listens on the document, so that swapped-in charts work as the first. */
export function watchClicks(document) {
  let down = null; // Plotly makes the click of a touch itself, without its place; the pointer that went down has it
  document.addEventListener("pointerdown", (event) => (down = event));
  document.addEventListener("click", (event) => {
    const plot = event.target.closest("[data-click] .plot");
    const place = plot && down && event.detail < 2 && placeOn(plot, down);
    down = null;
    if (place) write(plot.closest("[data-click]"), place);
  });
}
