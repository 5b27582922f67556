// The buttons around a run that leave its player alone: pin it, take a pin away, copy its link.
import { linkTo, putInBar } from "./address.js";
import { copyFrom } from "./clipboard.js";
import { pin } from "./controls.js";

function copyLink(button, moment) {
  const href = linkTo(button.dataset.url, moment);
  return copyFrom(button, href, () => {
    putInBar(href);
    return "It is in the address bar";
  });
}

/** The frame that shows a run on another page, as HTML. */
function frameOf(src) {
  const frame = Object.assign(document.createElement("iframe"), { src, width: 800, height: 600, title: document.querySelector("h1").textContent.trim(), loading: "lazy" });
  frame.setAttribute("style", "border: 0");
  return frame.outerHTML;
}

/** Copies the snippet that embeds the run, and shows it, so that it can be read and copied by hand. */
function copyFrame(button, moment) {
  const place = document.getElementById("embedding");
  const field = place.querySelector("textarea");
  const html = frameOf(linkTo(button.dataset.url, moment));
  field.value = html;
  place.hidden = false;
  return copyFrom(button, html, () => {
    field.select();
    return "Copy it below";
  });
}

/** What a button does, by its `data-do`: takes the button, and the moment shown, null for the end. */
export const BUTTONS = {
  copy: copyLink,
  embed: copyFrame,
  pin: (button) => pin(button.dataset.pin, true),
  unpin: (button) => pin(button.dataset.pin, false),
};
