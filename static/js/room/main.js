// Where a page meets its room: as the teacher's, as a student's, or at the door, where a room is opened and a code is typed.
import { at } from "../address.js";
import { TAB } from "../tab.js";
import { Student } from "./student.js";
import { Teacher } from "./teacher.js";
import { keepRoom, roomHere } from "./storage.js";

const NOT_KEPT = "This browser keeps nothing for this site, and so cannot remember the room. Allow storage, or leave the private window.";

document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../../css/room.css", import.meta.url).href }));

/** Opens a room, and goes there as its teacher. */
async function open(place) {
  const said = place.querySelector(".error");
  const answer = await fetch(at("/room"), { method: "POST", headers: { ...TAB, accept: "application/json" } }).catch(() => null);
  const { code, key, url, message } = (await answer?.json().catch(() => null)) ?? {};
  if (!code) said.textContent = message ?? "The server did not answer. Try again.";
  else if (keepRoom({ code, key, at: place.dataset.at })) location.assign(url);
  else said.textContent = NOT_KEPT;
}

/** Whoever comes to a room's page and is not its teacher follows. */
function enter(place, room) {
  const { code } = place.dataset;
  const mine = room?.code === code ? room : { code };
  if (!mine.key) mine.following = true;
  if (!keepRoom(mine)) place.querySelector(".error").textContent = NOT_KEPT;
  place.dataset.as = mine.key ? "teacher" : "student";
  if (mine.at) place.querySelector("[data-onward]").href = mine.at;
  return mine;
}

const place = document.querySelector("[data-room]");
const opener = place?.querySelector("[data-open]");
opener?.addEventListener("click", () => open(place));
opener?.removeAttribute("disabled"); // it did nothing before
const room = place?.dataset.code ? enter(place, roomHere()) : roomHere();
if (room) Object.freeze(room.key ? new Teacher(room) : new Student(room));
