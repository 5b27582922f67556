// What cannot wait for the modules, which is why this is a classic script in the head. Light or dark, before the first paint (the
// button is wired in main.js); room for the bar of a class; and where the charts are in sight at once, plotly.js, whose reading takes
// longest (plot.js waits for it). It is asked for once the still picture is here, or the page read where there is none: on a slow line
// the two would share it.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    if (top === self && sessionStorage.getItem("room")) document.documentElement.classList.add("in-room");
  } catch {
    // storage is forbidden here: the system's theme it is
  }
  const { plotly } = document.currentScript.dataset;
  if (!plotly || !matchMedia("(min-width: 861px)").matches) return; // as in live-run.js
  const script = Object.assign(document.createElement("script"), { id: "plotly", src: plotly });
  script.addEventListener("error", () => script.remove());
  const ask = () => document.getElementById("plotly") ?? document.head.append(script);
  const still = new AbortController();
  document.addEventListener("load", ({ target }) => target.matches(".still") && ask(), { capture: true, signal: still.signal });
  document.addEventListener("DOMContentLoaded", () => {
    still.abort();
    ask();
  });
})();
