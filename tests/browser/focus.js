/* What a keyboard can reach on a page, and whether one sees where one is. The tests say these words in the page; it never loads them. */
const STOP = 'a[href], button, input, select, textarea, summary, audio[controls], iframe, [tabindex]:not([tabindex="-1"])';
const ROUND = { date: 4, time: 4, audio: 5 }; // keys that pass the parts of one thing

const there = (one) => one.matches(STOP) && one.tabIndex >= 0 && !one.matches(':disabled') && one.type !== 'hidden'
  && !one.closest('[inert]') && one.checkVisibility({ visibilityProperty: true });

const group = (one) => (one.type === 'radio' && one.name ? `${one.form?.id} ${[...document.forms].indexOf(one.form)} ${one.name}` : null);

const same = (one, other) => one === other || (group(one) !== null && group(one) === group(other));

/* The stops in their order; of buttons that exclude each other there is one stop. */
function stops() {
  const all = [...document.querySelectorAll(STOP)].filter(there);
  return all.filter((one) => {
    if (!group(one)) return true;
    const mates = all.filter((other) => same(one, other));
    return one === (mates.find((other) => other.checked) ?? mates[0]);
  });
}

/* What one goes to who wants this: a label's field, the link around a word. */
function wanted(one) {
  const stop = one.closest(STOP);
  return stop ?? one.closest('label')?.control ?? null;
}

const passes = (some) => some.reduce((sum, one) => sum + (ROUND[one.type] ?? ROUND[one.localName] ?? 1), 0);

/* Which key leads there sooner from where one is, how often it is pressed, and how often when one goes round. */
function way(goal) {
  const all = stops();
  const led = document.activeElement === document.body ? document.querySelector(':target') : document.activeElement;
  const here = led ?? document.body;
  const standing = here !== document.body;
  const after = (one) => !standing || Boolean(here.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  const at = all.findIndex((one) => same(one, goal));
  const first = all.findIndex((one) => one !== here && !same(one, here) && after(one));
  const from = first < 0 ? all.length : first;
  const ahead = at >= from ? passes(all.slice(from, at)) : passes(all.slice(from)) + passes(all.slice(0, at));
  const behind = at < from ? passes(all.slice(at, from)) : passes(all.slice(0, from)) + passes(all.slice(at));
  return { key: ahead <= behind ? 'Tab' : 'Shift+Tab', near: Math.min(ahead, behind), round: at < 0 ? 0 : passes(all) + 12 };
}

const drawn = (one) => one.matches('input[type=radio], input[type=checkbox]') && one.labels[0] && getComputedStyle(one).opacity === '0'
  ? one.labels[0] : one;

/* What could tell that the focus is here: rings and shadows of a thing, or of the label that is drawn for it. */
function look(one) {
  const label = drawn(one) === one ? [] : [[one.labels[0], null], [one.labels[0], '::before'], [one.labels[0], '::after']];
  return [[one, null], ...label].map(([where, part]) => {
    const style = getComputedStyle(where, part);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return { ring, shadow: style.boxShadow };
  });
}

function boxes(one) {
  const wide = document.documentElement.clientWidth, tall = document.documentElement.clientHeight;
  return [...drawn(one).getClientRects()]
    .map((box) => ({ left: Math.max(0, box.left), top: Math.max(0, box.top), right: Math.min(wide, box.right), bottom: Math.min(tall, box.bottom) }))
    .filter((box) => box.right - box.left > 0 && box.bottom - box.top > 0);
}

/* Whether something lies over all of it that can be seen. */
function covered(one, box) {
  const shares = [[0.5, 0.5], [0.05, 0.1], [0.95, 0.9], [0.05, 0.9], [0.95, 0.1]];
  return shares.every(([across, down]) => {
    const over = document.elementFromPoint(box.left + (box.right - box.left) * across, box.top + (box.bottom - box.top) * down);
    const mine = [one, drawn(one)];
    return over && !mine.some((part) => part.contains(over) || over.contains(part));
  });
}

/* What keeps one from seeing that the focus is here; `before` is how it looked without. */
function unseen(one, before) {
  const now = look(one);
  const told = now.some((part, at) => part.ring || (part.shadow !== 'none' && part.shadow !== before?.[at]?.shadow));
  const shown = boxes(one);
  return [
    !told && 'nothing marks the focus',
    !shown.length && 'it is not on the screen',
    shown.length && shown.every((box) => covered(one, box)) && 'something lies over it',
  ].filter(Boolean);
}

const called = (one) => `${one.localName}${one.id && `#${one.id}`} ${(one.labels?.[0] ?? one).textContent.replace(/\s+/g, ' ').trim().slice(0, 50)}`;

/* A round by Tab: what should be met, and of each thing that is met, what is wrong with it. */
function begin() {
  const all = stops();
  window.round = { all, before: all.map(look), met: new Set(), last: null, meet };
  return passes(all);
}

function meet() {
  const one = document.activeElement, { all, before, met, last } = window.round;
  window.round.last = one;
  window.round.first ??= one;
  if (one === document.body || (met.size > 1 && one === window.round.first)) return { over: true, faults: all.filter((each, at) => !met.has(at)).map((each) => `${called(each)}: no Tab leads there`) };
  if (one === last) return { over: false, faults: [] };
  const at = all.findIndex((each) => same(each, one));
  if (at < 0) return { over: false, faults: [`${called(one)}: Tab leads here, where there is nothing to do`] };
  met.add(at);
  return { over: false, faults: unseen(one, all[at] === one ? before[at] : null).map((fault) => `${called(one)}: ${fault}`) };
}
