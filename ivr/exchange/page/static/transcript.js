// What was heard and texted, written down as it happens.
const heard = document.querySelector("#heard");
const texts = document.querySelector("#texts");
const STATES = {
  queued: "", initiated: "", ringing: "Soi · Ringing", "in-progress": "Puhelu alkoi · Answered",
  completed: "Puhelu päättyi · Call ended", busy: "Varattu · Busy", "no-answer": "Ei vastattu · Not answered",
  failed: "Ei yhteyttä · Not reachable", canceled: "Puhelu peruttu · Call given up",
};
const SIGNS = {
  beep: "Äänimerkki · Beep", ringing: "Toinen puhelin soi · The other telephone rings",
  connected: "Yhdistetty · Connected: you can talk now", played: "Äänite · A recording is played",
  "not-in-use": "Numero ei ole käytössä · This number is not in use",
  apology: "An application error has occurred. Goodbye.",
};
let lastCall = "";

export function write(event, own) {
  if (event.type === "text") return writeText(event, own);
  if (event.type === "status") return sign(STATES[event.status], event);
  if (event.type === "paused") return undefined;
  if (event.type === "said") return line(event.text, "", event.language, event);
  if (event.type === "spoken") {
    return line(event.text || "(ääntä · sound)", "other", "Toinen · Other", event);
  }
  const code = event.code ? ` (${event.code})` : "";
  return sign(SIGNS[event.type] + code, event);
}

// What the person here did, which the exchange does not send back.
export function mine(text) {
  line(text, "mine", "Te · You");
}

export const label = (call) => (call.answered ? "Puhelu käynnissä · In a call" : STATES[call.status] || "Odottaa · Waiting");

function sign(text, event) {
  if (text) line(text, "sign", "", event);
}

function line(text, kind, tag, event) {
  const item = document.createElement("li");
  item.className = kind;
  if (event && event.call !== lastCall) {
    lastCall = event.call;
    item.classList.add("new-call");
  }
  if (tag) item.append(tagged(tag));
  const words = document.createElement("span");
  words.textContent = text;
  if (event && event.language) words.lang = event.language;
  item.append(words);
  heard.append(item);
  heard.scrollTop = heard.scrollHeight;
}

function writeText(event, own) {
  const item = document.createElement("li");
  const sent = event.from === own;
  item.append(tagged(sent ? `→ ${event.to}` : `${event.from} →`), document.createTextNode(event.text));
  texts.append(item);
  texts.scrollTop = texts.scrollHeight;
}

function tagged(text) {
  const tag = document.createElement("span");
  tag.className = "tag";
  tag.textContent = text;
  return tag;
}
