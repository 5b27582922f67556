// The catalogue and the search: "/" focuses the search, opened topics are marked. What was opened stays in this browser.

const KEY = "opened topics";

function opened() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set();
  }
}

function remember(slug) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...opened().add(slug)]));
  } catch {
    // not remembered then
  }
}

function mark() {
  const seen = opened();
  for (const card of document.querySelectorAll(".card[data-slug]")) card.classList.toggle("opened", seen.has(card.dataset.slug));
}

function focusSearch(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const search = document.querySelector("input[type=search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
}

/** Marks what was opened, now and after each search; remembers the topic this page is. */
export function watchCatalogue(document) {
  const topic = document.querySelector("article.topic[data-slug]");
  if (topic) remember(topic.dataset.slug);
  document.addEventListener("keydown", focusSearch);
  document.addEventListener("htmx:after:swap", mark);
  mark();
}
