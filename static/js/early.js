// What cannot wait for the modules, which is why this is a classic script in the head. Light or dark, before the first paint (the
// button is wired in main.js); room for the bar of a class; and when the page's other scripts are asked for, which on a slow line would
// share it with the still picture. In a wide window the charts are in sight at once: the library that draws them, the largest file of
// all, is asked for once the picture is here, and the modules begin when the page has been read. On a phone nothing of them is fetched
// before the picture has been painted.
{
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
    if (top === self && sessionStorage.getItem("room")) document.documentElement.classList.add("in-room");
  } catch {
    // storage is forbidden here: the system's theme it is
  }
  const PATIENCE = 4000; // milliseconds that a phone waits for a picture
  const wide = matchMedia("(min-width: 861px)").matches; // as in base.html and screens.css
  const { main, plotly } = document.currentScript.dataset;
  const add = (said) => document.head.append(Object.assign(document.createElement("script"), said));
  const draw = () => plotly && add({ id: "plotly", src: plotly, fetchPriority: "high", onerror: ({ target }) => target.remove() });
  const turn = () => new Promise((go) => setTimeout(go));
  const begin = async () => {
    const links = wide ? [] : document.querySelectorAll("link[rel=modulepreload]");
    for (const [place, link] of links.entries()) {
      link.media = "all";
      if (place % 5 === 4) await turn(); // a slow phone takes a while to ask for each
    }
    add({ type: "module", src: main });
  };
  const heard = (type, meant) => new Promise((go) => document.addEventListener(type, (event) => meant(event) && go(), { capture: true }));
  const isStill = ({ target }) => target.matches(".still");
  const painted = () => document.hidden || new Promise((go) => requestAnimationFrame(() => turn().then(go)));
  const late = () => new Promise((go) => setTimeout(go, PATIENCE));
  const inTurn = async () => {
    const read = heard("DOMContentLoaded", () => true);
    const pictured = Promise.race([heard("load", isStill), heard("error", isStill)]);
    if (wide) Promise.race([read, pictured]).then(draw);
    await read;
    if (!wide && document.querySelector(".still")) await Promise.race([pictured.then(painted), late()]);
    begin();
  };
  inTurn();
}
