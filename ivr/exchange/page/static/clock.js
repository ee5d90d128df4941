// The clock of the demo: what it shows, how fast it runs, and how to hurry it.
import { word } from "./words.js";

const time = document.querySelector("#clock");
const speed = document.querySelector("#speed");

export function show(state) {
  time.dateTime = state.clock;
  time.textContent = written(state.clock, { second: "2-digit" });
  showNext(state.next);
  if (!speed || state.speed === null) return;
  const words = state.speed === 1 ? word("speed_usual") : word("speed_of", { speed: state.speed });
  if (speed.textContent === words) return;
  speed.textContent = words;
  document.querySelectorAll("[data-speed]").forEach((button) => {
    button.setAttribute("aria-pressed", String(Number(button.dataset.speed) === state.speed));
  });
}

function showNext(next) {
  const button = document.querySelector("#next");
  if (!button) return;
  button.hidden = !next;
  if (next) button.querySelector("time").textContent = written(next);
}

function written(moment, besides = {}) {
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const parts = { weekday: "short", day: "numeric", month: "numeric", hour: "2-digit", minute: "2-digit" };
  return new Date(moment).toLocaleString(language, { timeZone: "Europe/Helsinki", ...parts, ...besides });
}

export function onHurry(send) {
  document.querySelectorAll("[data-speed]").forEach((button) => {
    button.addEventListener("click", () => send({ speed: Number(button.dataset.speed) }));
  });
  document.querySelectorAll("[data-leap]").forEach((button) => {
    button.addEventListener("click", () => send({ leap: button.dataset.leap === "next" ? "next" : Number(button.dataset.leap) }));
  });
}
