// The buttons around a run that leave its player alone: pin it, take a pin away, copy its link or its script.
import { linkTo, putInBar } from "./address.js";
import { copyFrom, sayOn } from "./clipboard.js";
import { pin } from "./controls.js";

function copyLink(button, moment) {
  const href = linkTo(button.dataset.url, moment);
  return copyFrom(button, href, () => {
    putInBar(href);
    return "It is in the address bar";
  });
}

/** Copies the script that makes the run again; the link beside the button gives the same as a file. */
async function copyScript(button) {
  try {
    const answer = await fetch(button.dataset.url);
    if (!answer.ok) return sayOn(button, "The server did not answer");
    await copyFrom(button, await answer.text(), () => "Not allowed here: take the file");
  } catch {
    sayOn(button, "The server did not answer");
  }
}

/** What a button does, by its `data-do`: takes the button, and the moment shown, null for the end. */
export const BUTTONS = {
  copy: copyLink,
  script: copyScript,
  pin: (button) => pin(button.dataset.pin, true),
  unpin: (button) => pin(button.dataset.pin, false),
};
