// The telephones of this browser, side by side: those that were opened here, and any that rings now.
import { watch } from "./ringing.js";
import { word } from "./words.js";

const KEPT = "phones";
const { number, name } = document.body.dataset;
const list = document.querySelector("#tabs");
let rung = [];
let drawn = "";

export function keepTabs() {
  const phones = opened().filter((phone) => phone.number !== number);
  keep(opened().some((phone) => phone.number === number) ? opened() : [...phones, { number, name }]);
  draw();
  watch((phones) => {
    rung = phones;
    tell(rung.filter((phone) => phone.number !== number));
    draw();
  });
}

// Whoever does not see the tabs hears which other telephone rings.
function tell(others) {
  const told = document.querySelector("#tabs-told");
  const words = others.map((phone) => `${phone.name}: ${word("rings_now")}`).join(". ");
  if (told.textContent !== words) told.textContent = words;
}

function draw() {
  const here = opened();
  const more = rung.filter((phone) => !here.some((one) => one.number === phone.number));
  const all = [...here, ...more];
  const now = JSON.stringify([all, rung.map((phone) => phone.number)]);
  if (now === drawn) return;
  drawn = now;
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  list.replaceChildren(...all.map((phone) => tab(phone, here.length > 1)));
  if (focused) list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

function tab(phone, closes) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = `/phone/${phone.number}`;
  link.textContent = phone.name;
  if (phone.number === number) link.setAttribute("aria-current", "page");
  if (rung.some((one) => one.number === phone.number)) {
    item.classList.add("rings-now");
    link.append(" ", mark(word("rings_now")));
  }
  item.append(link);
  if (closes && phone.number !== number && opened().some((one) => one.number === phone.number)) item.append(closing(phone));
  return item;
}

function mark(text) {
  const words = document.createElement("strong");
  words.textContent = text;
  return words;
}

function closing(phone) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "×";
  button.setAttribute("aria-label", word("close_tab", { name: phone.name }));
  button.addEventListener("click", () => {
    keep(opened().filter((one) => one.number !== phone.number));
    draw();
    list.querySelector("[aria-current]").focus();
  });
  return button;
}

function opened() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? [];
  } catch {
    return []; // what another program left there is no list of ours
  }
}

function keep(phones) {
  localStorage.setItem(KEPT, JSON.stringify(phones));
}
