// The name that this tab gives itself: random, for the server's budgets alone (app/budgets.py), and gone with the tab.

const KEY = "tab";

const random = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");

function kept() {
  try {
    const name = sessionStorage.getItem(KEY) ?? random();
    sessionStorage.setItem(KEY, name);
    return name;
  } catch {
    return random(); // storage is forbidden here: for this page only, then
  }
}

/** The header that says it. */
export const TAB = { Tab: kept() };
