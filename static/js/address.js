// The address of an experiment and of a moment in it: read from the address bar, written to it, copied.

/** The frame that the address names, or null. */
export function momentInUrl() {
  const found = /^#frame=(\d{1,4})$/.exec(location.hash);
  return found ? Number(found[1]) : null;
}

/** Puts the frame into the address, without a step in the history. */
export function rememberMoment(frame) {
  history.replaceState(history.state, "", `${location.pathname}${location.search}#frame=${frame}`);
}

/** Copies a run's address, with the moment unless it is null; says on the button that it did. */
export async function copyLink(button, frame) {
  const url = new URL(button.dataset.url, location.origin);
  if (frame !== null && frame >= 0) url.hash = `frame=${frame}`;
  const text = button.textContent;
  try {
    await navigator.clipboard.writeText(url.href);
    button.textContent = "Copied";
  } catch {
    history.replaceState(history.state, "", url);
    button.textContent = "It is in the address bar";
  }
  setTimeout(() => (button.textContent = text), 1500);
}
