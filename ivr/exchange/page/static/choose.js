// Which of the telephones rings at this moment? Whoever keeps this page open sees where to go.
const marks = [...document.querySelectorAll("[data-rings]")];

async function look() {
  try {
    const { numbers } = await (await fetch("/phone/ringing")).json();
    for (const mark of marks) {
      const words = numbers.includes(mark.dataset.rings) ? "Soi nyt · Rings now" : "";
      if (mark.textContent !== words) mark.textContent = words;
    }
  } finally {
    setTimeout(look, 1000);
  }
}

look();
