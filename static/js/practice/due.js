// On the catalogue: how many cards are due, in all and of each topic. The schedule is fetched only for those who have practised.
import { kept } from "./reviews.js";

async function dueNames() {
  const reviews = kept();
  if (!reviews.size) return [];
  const { standing } = await import("./queue.js");
  return standing([...reviews.keys()], reviews, Date.now()).due;
}

async function mark() {
  const names = await dueNames();
  const cards = [...document.querySelectorAll(".card[data-slug]")];
  const known = new Set(cards.map((card) => card.dataset.slug));
  const topics = Map.groupBy(names, (name) => name.split("/")[0]);
  for (const card of cards) {
    const due = topics.get(card.dataset.slug)?.length;
    if (due) card.dataset.due = `${due} due`;
    else delete card.dataset.due;
  }
  const all = names.filter((name) => known.has(name.split("/")[0])).length;
  const said = document.querySelector(".due");
  if (said && document.querySelector(".chapter")) said.textContent = all ? `: ${all} ${all === 1 ? "card" : "cards"} due` : "";
}

document.addEventListener("htmx:after:swap", mark);
addEventListener("pageshow", mark);
addEventListener("storage", mark);
