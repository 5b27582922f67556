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

/** What a button does, by its `data-do`: takes the button, and the moment shown, null for the end. */
export const BUTTONS = {
  copy: copyLink,
  pin: (button) => pin(button.dataset.pin, true),
  unpin: (button) => pin(button.dataset.pin, false),
};
