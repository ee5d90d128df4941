// A piece of a sentence recorded in the browser: heard again, taken anew, and only then sent, as a file like any other.
import { wav } from "./sound-file.js";

const LONGEST_S = 59;
const FADING = 0.99; // of the level from one chunk to the next, so that an eye can follow it
const form = document.querySelector("#record");
const one = (selector) => form.querySelector(selector);
let running = null;
let address = "";

if (navigator.mediaDevices?.getUserMedia && window.AudioWorkletNode) one("#recorder").hidden = false;

async function start() {
  forget();
  tell("");
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, channelCount: 1 } });
    const context = new AudioContext();
    await context.audioWorklet.addModule(form.dataset.tape);
    const tape = new AudioWorkletNode(context, "tape");
    const chunks = [];
    tape.port.onmessage = ({ data }) => {
      chunks.push(data);
      one("#level").value = Math.max(one("#level").value * FADING, ...data.map(Math.abs));
    };
    context.createMediaStreamSource(stream).connect(tape);
    running = { stream, context, chunks, ends: setTimeout(stop, LONGEST_S * 1000) };
    show(true);
    one("[data-do=stop]").focus();
  } catch {
    tell(form.dataset.refused);
  }
}

async function stop() {
  if (!running) return;
  const { stream, context, chunks, ends } = running;
  running = null;
  clearTimeout(ends);
  stream.getTracks().forEach((track) => track.stop());
  const sound = wav(chunks, context.sampleRate);
  await context.close();
  show(false);
  keep(sound);
}

// What was recorded stands in the file field: it is sent with the form, and refused there like any file.
function keep(sound) {
  const files = new DataTransfer();
  files.items.add(new File([sound], "microphone.wav", { type: "audio/wav" }));
  one("#recording").files = files.files;
  address = URL.createObjectURL(sound);
  one("#take").src = address;
  one("#taken").hidden = false;
  one("[data-do=start]").textContent = form.dataset.again;
  one("#take").focus();
  tell(form.dataset.taken);
}

function forget() {
  if (address) URL.revokeObjectURL(address);
  address = "";
  one("#recording").value = "";
  one("#taken").hidden = true;
}

function show(recording) {
  one("[data-do=start]").hidden = recording;
  one("[data-do=stop]").hidden = !recording;
  one("#loudness").hidden = !recording;
}

function tell(words) {
  one("#recorder-says").textContent = words;
}

one("[data-do=start]").addEventListener("click", start);
one("[data-do=stop]").addEventListener("click", stop);
