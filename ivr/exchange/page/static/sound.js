// What comes out of the telephone: prompts one after another, tones, the bell.
const DTMF = {
  1: [697, 1209], 2: [697, 1336], 3: [697, 1477], 4: [770, 1209], 5: [770, 1336], 6: [770, 1477],
  7: [852, 1209], 8: [852, 1336], 9: [852, 1477], "*": [941, 1209], 0: [941, 1336], "#": [941, 1477],
};
const audio = new AudioContext();
let queue = [];
let playing = null;
let busy = false;
let bell = null;
let generation = 0;

export const asleep = () => audio.state !== "running";
export const wake = () => audio.resume();

export function enqueue(sound) {
  queue.push(sound);
  next();
}

// Falls silent at once: a key was pressed, or the call is over.
export function hush() {
  generation += 1;
  queue = [];
  busy = false;
  if (playing) playing.stop();
  playing = null;
}

export function key(digit) {
  if (DTMF[digit]) tone(DTMF[digit], 0.16, 0.12);
}

export function startBell() {
  if (bell) return;
  const ring = () => {
    tone([440, 480], 0.4, 0.1);
    setTimeout(() => bell && tone([440, 480], 0.4, 0.1), 550);
  };
  bell = setInterval(ring, 2400);
  ring();
}

export function stopBell() {
  clearInterval(bell);
  bell = null;
}

// One sound, heard again because somebody asked for it.
export async function listen(url) {
  hush();
  await audio.resume();
  enqueue({ url });
}

export async function decoded(url) {
  const answer = await fetch(url);
  return audio.decodeAudioData(await answer.arrayBuffer());
}

async function next() {
  if (busy || !queue.length) return;
  busy = true;
  const mine = generation;
  const sound = queue.shift();
  try {
    await play(sound, mine);
  } catch {
    // A sound that cannot be played is read in the transcript.
  }
  if (mine === generation) {
    busy = false;
    if (sound.ringing && !queue.length) queue.push(sound); // it rings until something else is heard
    next();
  }
}

async function play(sound, mine) {
  if (sound.pause) return delay(sound.pause);
  if (sound.beep) return tone([1000], 0.5, 0.12), delay(0.6);
  if (sound.ringing) return tone([425], 1, 0.06), delay(2.5);
  const buffer = await decoded(sound.url);
  if (mine !== generation || asleep()) return undefined;
  return new Promise((done) => {
    playing = audio.createBufferSource();
    playing.buffer = buffer;
    playing.connect(audio.destination);
    playing.onended = done;
    playing.start();
  });
}

function tone(frequencies, seconds, loudness) {
  if (asleep()) return;
  const volume = audio.createGain();
  volume.gain.value = loudness;
  volume.connect(audio.destination);
  for (const frequency of frequencies) {
    const oscillator = audio.createOscillator();
    oscillator.frequency.value = frequency;
    oscillator.connect(volume);
    oscillator.start();
    oscillator.stop(audio.currentTime + seconds);
  }
}

const delay = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
