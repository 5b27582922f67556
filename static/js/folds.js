// A fold that the address names stands open: the search links to single follow-up questions.

function openNamed(document) {
  const named = location.hash && document.getElementById(location.hash.slice(1));
  if (named?.matches?.("details")) named.open = true;
}

/** Opens the fold that the address names, now and whenever a link names another. */
export function watchFolds(document) {
  addEventListener("hashchange", () => openNamed(document));
  openNamed(document);
}
