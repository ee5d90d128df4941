// Which telephones ring at this moment, asked again and again.
const EVERY_MS = 1000;

export async function watch(tell) {
  try {
    const answer = await fetch("/phone/ringing");
    tell((await answer.json()).phones);
  } catch {
    // The exchange is away: the page of a telephone says so.
  } finally {
    setTimeout(watch, EVERY_MS, tell);
  }
}
