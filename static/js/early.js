// What cannot wait for the modules, which is why this is a classic script in the head. Light or dark, before the first paint (the
// button is wired in main.js); and where the charts are in sight at once, plotly.js, whose reading takes longest (plot.js waits for it).
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // storage is forbidden here: the system's theme it is
  }
  const { plotly } = document.currentScript.dataset;
  if (!plotly || !matchMedia("(min-width: 861px)").matches) return; // as in live-run.js
  const script = Object.assign(document.createElement("script"), { id: "plotly", src: plotly });
  script.addEventListener("error", () => script.remove());
  document.head.append(script);
})();
