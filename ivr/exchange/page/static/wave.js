// The shape of a sound, drawn from its samples: how loud it is from moment to moment.
import { decoded } from "./sound.js";

const BARS = 60;
const HEIGHT = 28;
const STEP = 4;
const SVG = "http://www.w3.org/2000/svg";

export async function draw(url, into) {
  const sound = await decoded(url);
  const loud = loudness(sound.getChannelData(0));
  const picture = part("svg", { viewBox: `0 0 ${BARS * STEP} ${HEIGHT}`, "aria-hidden": "true", class: "wave", preserveAspectRatio: "none" });
  loud.forEach((value, at) => {
    const height = Math.max(2, value * HEIGHT);
    picture.append(part("rect", { x: at * STEP, y: (HEIGHT - height) / 2, width: STEP - 1, height, rx: 1 }));
  });
  into.replaceChildren(picture);
  return sound.duration;
}

// The loudest sample of each stretch, against the loudest of all.
function loudness(samples) {
  const stretch = Math.max(1, Math.floor(samples.length / BARS));
  const peaks = [];
  for (let at = 0; at < BARS; at += 1) {
    let peak = 0;
    for (let i = at * stretch; i < Math.min(samples.length, (at + 1) * stretch); i += 1) peak = Math.max(peak, Math.abs(samples[i]));
    peaks.push(peak);
  }
  const most = Math.max(...peaks, 0.001);
  return peaks.map((peak) => peak / most);
}

function part(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
