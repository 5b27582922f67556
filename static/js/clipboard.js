// Copies text, and says on the button that it did. Browsers give the clipboard to pages of https and localhost alone; elsewhere the
// old way serves, a selected field and a command.

const SAID_FOR = 1500; // milliseconds

function copyTheOldWay(text) {
  const before = document.activeElement;
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "unseen" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus({ preventScroll: true });
  return done;
}

/** Whether the text could be copied. */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

/** Says something on a button for a while. */
function sayOn(button, said) {
  button.dataset.name ??= button.textContent;
  button.textContent = said;
  setTimeout(() => (button.textContent = button.dataset.name), SAID_FOR);
}

/** Copies the text; where that is not allowed, does `otherwise`, which gives the words for the button. */
export async function copyFrom(button, text, otherwise) {
  sayOn(button, (await copied(text)) ? "Copied" : otherwise());
}
