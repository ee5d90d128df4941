// The words of the page, in its language.
const words = JSON.parse(document.querySelector("#page-words").textContent);

export function word(key, places = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => places[name]);
}
