// One tab, one telephone.
import * as microphone from "./microphone.js";
import * as sound from "./sound.js";
import { label, mine, write } from "./transcript.js";

const { number, static: base } = document.body.dataset;
const one = (selector) => document.querySelector(selector);
const title = document.title;
const WANTS = {
  digits: "Paina numeroa · Press a key",
  recording: "Puhu nyt; hiljaisuus tai # päättää · Speak now; silence or # ends",
  talk: "Puhukaa · You can talk",
};
let call = null;
let first = true;
let speaking = false;

async function send(act, body = {}) {
  const blob = body instanceof Blob;
  const answer = await fetch(`/phone/${number}/${act}`, {
    method: "POST",
    headers: { "Content-Type": blob ? "audio/wav" : "application/json" },
    body: blob ? body : JSON.stringify(body),
  });
  const told = await answer.json();
  one("#trouble").textContent = answer.ok ? "" : told.error;
  one("#trouble").hidden = answer.ok;
  return answer.ok ? told : null;
}

// What the exchange tells.

function take({ data }) {
  if (data.lost) return showLost();
  if (first === false) one("#trouble").hidden ||= one("#trouble").dataset.lost === "yes";
  const { state } = data;
  one("#clock").dateTime = state.clock;
  one("#clock").textContent = clock(state.clock);
  state.events.forEach(happen);
  first = false;
  showCall(state.call);
  return undefined;
}

function happen(event) {
  write(event, number);
  if (first) return; // what happened before this tab opened is only written
  if (event.type === "status" && !["ringing", "in-progress"].includes(event.status)) sound.hush();
  else if (event.type === "connected") sound.hush();
  else if (event.type === "paused") sound.enqueue({ pause: event.seconds });
  else if (event.type === "beep") sound.enqueue({ beep: true });
  else if (event.type === "ringing") sound.enqueue({ ringing: true });
  else if (event.sound) sound.enqueue({ url: event.sound });
}

function showCall(now) {
  const wanted = now?.waiting ?? null;
  if (wanted !== (call?.waiting ?? null)) show(wanted);
  call = now;
  const rings = Boolean(now?.rings);
  const talking = Boolean(now) && !rings;
  one("#idle").hidden = Boolean(now);
  one("#ringing").hidden = !rings;
  one("#live").hidden = !talking;
  document.body.classList.toggle("ringing-now", rings);
  set("#state", now ? (rings ? "Puhelin soi · Incoming call" : label(now)) : "Luuri alhaalla · Not in a call");
  set("#with", now ? named(now) : "");
  if (rings && document.activeElement === document.body) one("[data-act=answer]").focus();
  if (rings) sound.startBell();
  else sound.stopBell();
  document.title = rings ? `☎ Soi! · ${title}` : title;
  one("#sound-off").hidden = !sound.asleep();
}

// What the line wants of the person: nothing, keys, a message, talk.
function show(wanted) {
  const speaks = wanted === "recording" || wanted === "talk";
  set("#want", WANTS[wanted] ?? "");
  one("#speak").hidden = !speaks;
  if (speaks) one("#words").focus();
  if (!speaks) speaking = false;
}

function set(selector, text) {
  if (one(selector).textContent !== text) one(selector).textContent = text;
}

function showLost() {
  one("#trouble").dataset.lost = "yes";
  one("#trouble").textContent = "Keskus ei vastaa · The exchange does not answer";
  one("#trouble").hidden = false;
}

const named = (now) => (now.name === now.number ? now.number : `${now.name}, ${now.number}`);
const clock = (iso) =>
  new Date(iso).toLocaleString("fi-FI", { timeZone: "Europe/Helsinki", dateStyle: "short", timeStyle: "medium" });

// What the person does.

async function press(key) {
  if (!call || call.rings) return;
  sound.key(key);
  mine(key);
  const told = await send("press", { keys: key });
  if (told?.cut) sound.hush(); // the key cut the prompt short at the exchange too
}

async function speak(words) {
  speaking = false;
  if (words) mine(`“${words}”`);
  await send("say", { text: words, language: one("#language").value });
}

async function toggleMicrophone() {
  const button = one("#microphone");
  try {
    if (!microphone.running()) {
      await microphone.start(base);
      await send("speaking");
    } else {
      mine("(ääntä · sound)");
      await send("sound", await microphone.stop());
    }
  } catch {
    one("#trouble").textContent = "Mikrofonia ei voi käyttää · The microphone cannot be used";
    one("#trouble").hidden = false;
  }
  button.setAttribute("aria-pressed", String(microphone.running()));
  button.textContent = microphone.running() ? "Valmis · Done" : "Puhu mikrofoniin · Use the microphone";
}

const dial = (to) => send("dial", { to, withheld: one("#withheld").checked ? "yes" : "" });

one("#dial").addEventListener("submit", (event) => {
  event.preventDefault();
  dial(one("#to").value);
});
document.querySelectorAll("[data-to]").forEach((button) => button.addEventListener("click", () => dial(button.dataset.to)));
document.querySelectorAll("[data-act]").forEach((button) =>
  button.addEventListener("click", () => {
    sound.hush();
    send(button.dataset.act);
  }),
);
document.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
document.addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && /^[0-9*#]$/.test(event.key)) press(event.key);
});
one("#words").addEventListener("input", () => {
  if (!speaking && call?.waiting) {
    speaking = true;
    send("speaking");
  }
});
one("#speak").addEventListener("submit", (event) => {
  event.preventDefault();
  speak(one("#words").value.trim());
  one("#words").value = "";
});
one("#microphone").addEventListener("click", toggleMicrophone);
one("#text").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await send("text", { to: one("#text-to").value, text: one("#text-words").value })) one("#text-words").value = "";
});
document.addEventListener("pointerdown", () => sound.wake());
document.addEventListener("keydown", () => sound.wake());
one("#sound-on").addEventListener("click", () => sound.wake());

const poll = new Worker(`${base}poll.js`);
poll.onmessage = take;
poll.postMessage({ number });
