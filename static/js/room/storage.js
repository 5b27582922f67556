// What this browser keeps of a room: in the tab, which room it is in and as what; beside it, the seat, so that a browser counts once.

const ROOM = "room"; // early.js looks for it too
const SEAT = "room-seat";
const SEAT_BYTES = 18;

const read = (storage, name) => {
  try {
    return JSON.parse(storage().getItem(name));
  } catch {
    return null; // forbidden here, or not ours
  }
};

const write = (storage, name, value) => {
  try {
    if (value === null) storage().removeItem(name);
    else storage().setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};

const tab = () => sessionStorage;
const browser = () => localStorage;

/** The room of this tab: its code, for its teacher the key, for a student whether it follows. Null for none. */
export const roomHere = () => read(tab, ROOM);

/** Keeps it; false where the browser keeps nothing, and then no page after this one would know of the room. */
export const keepRoom = (room) => write(tab, ROOM, room);

export const forgetRoom = () => write(tab, ROOM, null);

function newSeat() {
  const bytes = crypto.getRandomValues(new Uint8Array(SEAT_BYTES));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** This browser's secret for a room, made the first time: another one for each room, so that two rooms cannot tell it is the same. */
export function seatIn(code) {
  const known = read(browser, SEAT);
  if (known?.code === code) return known.seat;
  const seat = newSeat();
  write(browser, SEAT, { code, seat });
  return seat;
}
