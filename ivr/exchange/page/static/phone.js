// One page, one telephone; the others of this browser stand beside it as tabs.
import * as clock from "./clock.js";
import * as microphone from "./microphone.js";
import * as sound from "./sound.js";
import { keepTabs } from "./tabs.js";
import { label, latest, write } from "./transcript.js";
import { word } from "./words.js";

const { number, static: base } = document.body.dataset;
const one = (selector) => document.querySelector(selector);
const all = (selector) => [...document.querySelectorAll(selector)];
const title = document.title;
let call = null;
let first = true;
let speaking = false;
let typed = false; // whether the number to call is one that was keyed in here

async function send(act, body = {}, to = `/phone/${number}/${act}`) {
  const blob = body instanceof Blob;
  const answer = await fetch(to, {
    method: "POST",
    headers: { "Content-Type": blob ? "audio/wav" : "application/json" },
    body: blob ? body : JSON.stringify(body),
  });
  const told = await answer.json();
  complain(answer.ok ? "" : word(told.word ?? "refused"));
  return answer.ok ? told : null;
}

function complain(words, lost = "") {
  one("#trouble").textContent = words;
  one("#trouble").hidden = !words;
  one("#trouble").dataset.lost = lost;
}

// What the exchange tells.

function take({ data }) {
  if (data.lost) return complain(word("lost"), "yes");
  if (one("#trouble").dataset.lost) complain("");
  clock.show(data.state);
  data.state.events.forEach(happen);
  first = false;
  showCall(data.state.call);
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
  else if (event.sound && event.type !== "uttered") sound.enqueue({ url: event.sound });
}

function showCall(now) {
  const wanted = now?.waiting ?? null;
  if (wanted !== (call?.waiting ?? null)) showWanted(wanted);
  const before = Boolean(call);
  call = now;
  const rings = Boolean(now?.rings);
  one("#idle").hidden = one("#erase").hidden = Boolean(now);
  one("#ringing").hidden = !rings;
  one("#live").hidden = !now || rings;
  document.body.classList.toggle("ringing-now", rings);
  document.body.classList.toggle("in-call", Boolean(now) && !rings);
  one("#display").setAttribute("aria-live", rings ? "assertive" : "polite"); // who rings is told at once
  if (!now) latest("");
  set("#state", stateOf(now, rings));
  set("#with", now ? named(now) : "");
  if (rings && lostFocus()) one("[data-act=answer]").focus();
  if (before && !now && lostFocus()) one("#to").focus();
  if (rings) sound.startBell();
  else sound.stopBell();
  document.title = rings ? `☎ ${word("rings_now")} · ${title}` : title;
  one("#sound-off").hidden = !sound.asleep();
}

function stateOf(now, rings) {
  if (!now) return word("idle");
  return rings ? word("incoming") : label(now);
}

// The keyboard is nowhere once what had it is hidden: it goes where the next step is.
const lostFocus = () => document.activeElement === document.body || document.activeElement.offsetParent === null;

// What the line wants of the person: nothing, keys, a message, talk.
function showWanted(wanted) {
  const speaks = wanted === "recording" || wanted === "talk";
  set("#want", wanted ? word(`want_${wanted}`) : "");
  one("#speak").hidden = !speaks;
  if (speaks) one("#words").focus();
  if (!speaks) speaking = false;
}

function set(selector, text) {
  if (one(selector).textContent !== text) one(selector).textContent = text;
}

const named = (now) => (now.name === now.number ? now.written : `${now.name}, ${now.written}`);

// What the person does.

async function press(key) {
  sound.key(key);
  light(key);
  if (!call) return enter(key);
  if (call.rings) return undefined;
  const told = await send("press", { keys: key });
  if (told?.cut) sound.hush(); // the key cut the prompt short at the exchange too
  return undefined;
}

function light(key) {
  const button = all("[data-key]").find((known) => known.dataset.key === key);
  button.classList.add("down");
  setTimeout(() => button.classList.remove("down"), 160);
}

// With the receiver down the keys write the number to call.
function enter(key) {
  one("#to").value = typed ? one("#to").value + key : key;
  typed = true;
}

function erase() {
  one("#to").value = one("#to").value.slice(0, -1);
  typed = true;
}

async function speak(words) {
  speaking = false;
  await send("say", { text: words, language: one("#language").value });
}

async function toggleMicrophone() {
  try {
    if (microphone.running()) {
      const language = encodeURIComponent(one("#language").value);
      await send("sound", await microphone.stop(), `/phone/${number}/sound?language=${language}`);
    } else {
      await microphone.start(base, (loud) => (one("#level").value = loud));
      await send("speaking");
    }
  } catch {
    complain(word("no_microphone"));
  }
  const running = microphone.running();
  one("#level").hidden = !running;
  one("#microphone").setAttribute("aria-pressed", String(running));
  one("#microphone").textContent = running ? word("microphone_done") : word("use_microphone");
}

const dial = (to) => send("dial", { to, withheld: one("#withheld").checked ? "yes" : "" });

function typesWords(target) {
  return /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && target.type !== "checkbox";
}

one("#dial").addEventListener("submit", (event) => {
  event.preventDefault();
  typed = false;
  dial(one("#to").value);
});
one("#erase").addEventListener("click", erase);
all("[data-to]").forEach((button) => button.addEventListener("click", () => dial(button.dataset.to)));
all("[data-act]").forEach((button) =>
  button.addEventListener("click", () => {
    sound.hush();
    send(button.dataset.act);
  }),
);
all("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
document.addEventListener("keydown", (event) => {
  sound.wake();
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
  if (plain && !typesWords(event.target) && /^[0-9*#]$/.test(event.key)) press(event.key);
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
one("#sound-on").addEventListener("click", () => sound.wake());
clock.onHurry((wish) => send("time", wish, "/phone/time"));
keepTabs();

const poll = new Worker(`${base}poll.js`);
poll.onmessage = take;
poll.postMessage({ number });
all("button[disabled]").forEach((button) => (button.disabled = false)); // pressed any sooner, nobody would have heard
