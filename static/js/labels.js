// Names at the ends of a chart's lines, where they fit: within the axes, over no line and no other name. Knows no DOM and no Plotly; all is
// in pixels.

const APART = 5; // of a name from the end of its line
const HEIGHT = 1.25; // of a name, in letters

const overlap = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** Whether a path through places [x, y] comes through a box; between two places it is straight, and broken where one is missing. */
export function crosses(path, { left, right, top, bottom }) {
  return path.some((place, at) => {
    const [from, to] = [path[at - 1] ?? place, place];
    if (!from || !to || Math.max(from[0], to[0]) < left || Math.min(from[0], to[0]) > right) return false;
    const heights = [left, right].map((x) => {
      const share = from[0] === to[0] ? 0 : Math.max(0, Math.min(1, (x - from[0]) / (to[0] - from[0])));
      return from[1] + share * (to[1] - from[1]);
    });
    if (from[0] === to[0]) heights.push(to[1]);
    return Math.max(...heights) >= top && Math.min(...heights) <= bottom;
  });
}

/** Where a name may stand at the end of a line, the best first: behind it, or above or below it with both ends flush. */
function boxesAt([x, y], wide, high) {
  const behind = { left: x + APART, top: y - high / 2 };
  const above = { left: x - wide, top: y - APART - high };
  const below = { left: x - wide, top: y + APART };
  return [behind, above, below].map(({ left, top }) => ({ left, top, right: left + wide, bottom: top + high }));
}

/**
 * The lines' names that fit, each with its box. `lines`: { name, path } with places [x, y], missing ones null; all paths of the chart,
 * named or not, are kept clear. `room`: { left, top, right, bottom }; `widthOf(name)`.
 */
export function placed(lines, room, letters, widthOf) {
  const fit = [];
  for (const line of lines) {
    const end = line.name && line.path.findLast(Boolean);
    if (!end || end[0] < room.left || end[0] > room.right + 1 || end[1] < room.top - 1 || end[1] > room.bottom + 1) continue;
    const free = (box) => {
      const within = box.left >= room.left && box.right <= room.right && box.top >= room.top && box.bottom <= room.bottom;
      return within && !fit.some((other) => overlap(box, other.box)) && !lines.some(({ path }) => crosses(path, box));
    };
    const box = boxesAt(end, widthOf(line.name), letters * HEIGHT).find(free);
    if (box) fit.push({ line, box });
  }
  return fit;
}
