// Hands what the microphone hears to the page, chunk by chunk.
class Tape extends AudioWorkletProcessor {
  process([input]) {
    if (input[0]) this.port.postMessage(input[0].slice());
    return true;
  }
}
registerProcessor("tape", Tape);
