// The microphone as a telephone hears it: WAV, 8,000 samples a second, 16 bits, one channel.
const RATE = 8000;
let recording = null;

export async function start(base, tellLoudness = () => undefined) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const context = new AudioContext({ sampleRate: RATE });
  await context.audioWorklet.addModule(`${base}tape.js`);
  const tape = new AudioWorkletNode(context, "tape");
  const chunks = [];
  tape.port.onmessage = ({ data }) => {
    chunks.push(data);
    tellLoudness(data.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0));
  };
  context.createMediaStreamSource(stream).connect(tape);
  recording = { stream, context, chunks };
}

export async function stop() {
  const { stream, context, chunks } = recording;
  recording = null;
  stream.getTracks().forEach((track) => track.stop());
  await context.close();
  return wav(chunks);
}

export const running = () => recording !== null;

function wav(chunks) {
  const count = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const view = new DataView(new ArrayBuffer(44 + count * 2));
  const words = (at, text) => [...text].forEach((sign, i) => view.setUint8(at + i, sign.charCodeAt(0)));
  words(0, "RIFF");
  view.setUint32(4, 36 + count * 2, true);
  words(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint32(28, RATE * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  words(36, "data");
  view.setUint32(40, count * 2, true);
  let at = 44;
  for (const chunk of chunks) {
    for (const sample of chunk) {
      view.setInt16(at, Math.max(-1, Math.min(1, sample)) * 32767, true);
      at += 2;
    }
  }
  return new Blob([view], { type: "audio/wav" });
}
