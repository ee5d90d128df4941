// The words of the page, in its language.
const words = JSON.parse(document.querySelector("#page-words").textContent);

export function word(key, places = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => places[name]);
}

// A Finnish mobile or Helsinki number in the groups it is read in; any other as it is.
export function spaced(number) {
  const match = /^\+358(4\d|50)(\d{3})(\d+)$/.exec(number) ?? /^\+358(9)(\d{4})(\d{4})$/.exec(number);
  return match ? `+358 ${match[1]} ${match[2]} ${match[3]}` : number;
}
