// Which of the telephones rings at this moment? Whoever keeps this page open sees where to go.
import { watch } from "./ringing.js";
import { word } from "./words.js";

const told = document.querySelector("#told");
const marks = [...document.querySelectorAll("[data-rings]")];

watch((phones) => {
  const rung = phones.map((phone) => phone.number);
  const words = phones.map((phone) => `${phone.name}: ${word("rings_now")}`).join(". ");
  if (told.textContent !== words) told.textContent = words;
  for (const mark of marks) {
    const words = rung.includes(mark.dataset.rings) ? word("rings_now") : "";
    if (mark.textContent !== words) mark.textContent = words;
  }
});
