// The address of an experiment and of a moment in it: read from the address bar, and written to it.

/** An address of the site from the root of the host: the site may stand under a path. Those in the page's HTML are so already. */
export const at = (path) => document.documentElement.dataset.root.replace(/\/$/u, "") + path;

const whole = (said) => (/^\d{1,7}$/u.test(said ?? "") ? Number(said) : null);

/** What an address's fragment asks for: a moment, by its frame or its step, and a series to be lit. Null and "" where it does not. */
export function wantedIn(hash) {
  const said = new URLSearchParams(hash.slice(1));
  return { frame: whole(said.get("frame")), step: whole(said.get("step")), light: said.get("light") ?? "" };
}

/** Puts the frame into the address, without a step in the history; the first page's is not that of the run it shows. */
export function rememberMoment(frame) {
  if (document.querySelector(".glimpse")) return;
  history.replaceState(history.state, "", `${location.pathname}${location.search}#frame=${frame}`);
}

/** A run's address in full, with the moment unless it is null. */
export function linkTo(path, frame) {
  const url = new URL(path, location.origin);
  if (frame !== null && frame >= 0) url.hash = `frame=${frame}`;
  return url.href;
}

/** Puts a link into the address bar, from where it can be copied by hand. */
export function putInBar(href) {
  history.replaceState(history.state, "", href);
}
