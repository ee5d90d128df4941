// Asks the exchange what is new, in a worker: a browser slows the timers of a tab in the background,
// and a telephone must ring there too.
let after = 0;
let number = "";

async function ask() {
  try {
    const answer = await fetch(`/phone/${number}/events?after=${after}`);
    const state = await answer.json();
    after = state.last;
    postMessage({ state });
  } catch {
    postMessage({ lost: true });
  }
  setTimeout(ask, 400);
}

onmessage = (message) => {
  number = message.data.number;
  ask();
};
