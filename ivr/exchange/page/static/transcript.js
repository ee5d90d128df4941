// What was heard, said and texted, written down as it happens; each line in the language it was said in.
import { listen } from "./sound.js";
import { draw } from "./wave.js";
import { word } from "./words.js";

const heard = document.querySelector("#heard");
const texts = document.querySelector("#texts");
const SILENT = new Set(["queued", "initiated"]);
const WRITERS = {
  text: writeText,
  status: (event) => SILENT.has(event.status) || sign(word(`status_${event.status}`), event),
  said: (event) => line(event, "said", "line"),
  spoken: (event) => line(event, "other", "other_end"),
  uttered: (event) => line(event, "mine", "you"),
  pressed: (event) => sign(word("pressed", { keys: event.keys }), event, "mine"),
  played: (event) => line({ ...event, text: word("sign_played") }, "said", "line"),
  paused: () => undefined,
};
let lastCall = "";

export function write(event, own) {
  const writer = WRITERS[event.type] ?? ((other) => sign(told(other), other));
  writer(event, own);
}

export const label = (call) => {
  if (call.answered) return word("in_call");
  return SILENT.has(call.status) ? word("waiting") : word(`status_${call.status}`);
};

function told(event) {
  const code = event.code ? ` (${event.code})` : "";
  return word(`sign_${event.type}`) + code;
}

function sign(text, event, kind = "sign") {
  const item = started(event, kind);
  item.append(text);
  add(item);
}

// Who says it, in which language, the words, and the sound itself to hear again.
function line(event, kind, whose) {
  const item = started(event, kind);
  const words = document.createElement("span");
  words.className = "words";
  words.textContent = event.text || word("sound_only");
  if (event.language && event.text) words.lang = event.language;
  item.append(tagged(event.language ? `${word(whose)} · ${word(event.language)}` : word(whose)), words);
  if (event.sound) item.append(...player(event));
  add(item);
  if (kind !== "mine") latest(words.textContent, event.language);
}

// On a small screen the last words stand beside the keys, as the rest is further down.
export function latest(text, language = "") {
  const place = document.querySelector("#latest");
  place.textContent = text;
  place.lang = language;
}

function started(event, kind) {
  const item = document.createElement("li");
  item.className = kind;
  if (event.call !== lastCall) item.classList.add("new-call");
  lastCall = event.call;
  return item;
}

function player(event) {
  const button = document.createElement("button");
  const arrow = document.createElement("span");
  const picture = document.createElement("span");
  const length = tagged("");
  arrow.textContent = "▶";
  arrow.setAttribute("aria-hidden", "true");
  button.type = "button";
  button.className = "play";
  button.setAttribute("aria-label", word("play"));
  button.title = word("play");
  button.append(arrow, picture);
  button.addEventListener("click", () => listen(event.sound));
  if (event.type === "said") return [button];
  draw(event.sound, picture).then(
    (seconds) => (length.textContent = word("seconds", { count: Math.max(1, Math.round(seconds)) })),
    () => picture.remove(),
  );
  return [button, length];
}

function add(item) {
  document.querySelector("#nothing-heard").hidden = true;
  heard.firstElementChild.append(item);
  heard.scrollTop = heard.scrollHeight;
}

function writeText(event, own) {
  const item = document.createElement("li");
  const sent = event.from === own;
  item.className = sent ? "mine" : "other";
  const who = sent ? word("to", { number: event.other }) : word("from", { number: event.other });
  const at = new Date(event.at).toLocaleString(document.documentElement.lang, {
    timeZone: "Europe/Helsinki", weekday: "short", hour: "numeric", minute: "2-digit",
  });
  const words = document.createElement("p");
  words.textContent = event.text;
  item.append(tagged(`${who} · ${at}`), words);
  document.querySelector("#no-texts").hidden = true;
  texts.firstElementChild.append(item);
  texts.scrollTop = texts.scrollHeight;
}

function tagged(text) {
  const tag = document.createElement("span");
  tag.className = "tag";
  tag.textContent = text;
  return tag;
}
