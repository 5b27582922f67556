// The practice page: a session over the cards that stand on it, and the file that keeps what was practised.
import { NOT_KEPT, watchKeeping } from "./keeping.js";
import { Session } from "./session.js";

const OFTEN = 20_000; // milliseconds: cards that are being learned are due in minutes

const deck = new Map([...document.querySelectorAll("[data-card]")].map((card) => [card.dataset.card, card]));
const session = new Session(document.getElementById("session"), deck);
const keeping = document.querySelector(".keeping");

function refresh() {
  if (session.element.dataset.state === "idle") session.rest();
  else session.count();
}

/** An address that ends in a card's name asks that card: once the browser has scrolled to where it stands in the list. */
function askOfAddress() {
  const name = decodeURIComponent(location.hash.slice(1));
  if (deck.has(name)) requestAnimationFrame(() => session.ask(name));
}

watchKeeping(keeping, refresh);
session.element.addEventListener("graded", ({ detail }) => {
  if (!detail.lasts) keeping.querySelector(".kept").textContent = NOT_KEPT.trim();
});
addEventListener("storage", refresh); // another tab
addEventListener("pageshow", refresh);
addEventListener("hashchange", askOfAddress);
setInterval(refresh, OFTEN);
if (document.readyState === "complete") askOfAddress();
else addEventListener("load", askOfAddress);
