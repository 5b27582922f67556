// Colours that can be read as letters (WCAG 2.2): a line's own where it can, else a shade of it.

export const READABLE = 4.5; // to 1

const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);

/** Red, green and blue of `#rrggbb` as shares. */
const channels = (colour) => [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16) / 255);

function luminance(colour) {
  const [red, green, blue] = channels(colour).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours `#rrggbb`, 1 to 21. */
export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].toSorted((low, high) => low - high);
  return (light + 0.05) / (dark + 0.05);
}

function mixed(one, other, share) {
  const [from, to] = [channels(one), channels(other)];
  const shade = from.map((channel, place) => Math.round(255 * (channel + share * (to[place] - channel))));
  return `#${shade.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** The colour, as far towards the ink as letters of it on the paper need. */
export function legible(colour, paper, ink) {
  for (let share = 0; share < 1; share += 0.05) {
    const shade = mixed(colour, ink, share);
    if (contrast(shade, paper) >= READABLE) return shade;
  }
  return ink;
}
