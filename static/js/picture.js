// An SVG of the page as a file of its own, which no stylesheet follows: as SVG, or painted as PNG.

const STYLES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];

/** A copy that looks the same without the page's stylesheet, on the paper of the theme. */
function alone(svg) {
  const copy = svg.cloneNode(true);
  const shapes = copy.querySelectorAll("*");
  svg.querySelectorAll("*").forEach((one, place) => {
    const style = getComputedStyle(one);
    for (const name of STYLES) shapes[place].setAttribute(name, style.getPropertyValue(name));
  });
  const { x, y, width, height } = svg.viewBox.baseVal;
  const paper = document.createElementNS(svg.namespaceURI, "rect");
  const fill = getComputedStyle(svg).getPropertyValue("--paper").trim();
  for (const [name, value] of Object.entries({ x, y, width, height, fill })) paper.setAttribute(name, value);
  copy.prepend(paper);
  copy.setAttribute("xmlns", svg.namespaceURI);
  return new XMLSerializer().serializeToString(copy);
}

async function painted(text, { width, height }) {
  const image = Object.assign(new Image(), { src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}` });
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 2 * width, height: 2 * height });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}

/** Saves an SVG as `name`.png or `name`.svg. */
export async function savePicture(svg, format, name) {
  const text = alone(svg);
  const size = { width: Number(svg.getAttribute("width")), height: Number(svg.getAttribute("height")) };
  const href = format === "png" ? await painted(text, size) : `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  Object.assign(document.createElement("a"), { href, download: `${name}.${format}` }).click();
}
