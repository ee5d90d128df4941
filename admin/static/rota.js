/* Moving a place by mouse in the table of a week: the same form is sent as from the page of the place.
   While one is dragged, the cells show where it could go and what that would break; the server decides. */
const table = document.querySelector('[data-rota]');
const form = document.querySelector('[data-mover]');
const told = document.querySelector('[data-told]');
let place = null;
let targets = [];

function say(words) {
  told.textContent = words;
  told.hidden = !words;
}

function targetsOf(cell) {
  if (cell.dataset.shift) {
    return targets.filter((one) => one.shift === cell.dataset.shift && one.helper === place.holder);
  }
  return targets.filter((one) => one.helper === cell.dataset.helper && one.day === cell.dataset.day);
}

function grade(several) {
  const order = ['good', 'breaks', 'aside', 'barred'];
  return order.find((name) => several.some((one) => one.grade === name));
}

function mark() {
  for (const cell of table.querySelectorAll('[data-helper], [data-shift]')) {
    const found = grade(targetsOf(cell));
    if (found) cell.classList.add(`is-${found}`);
  }
}

function unmark() {
  for (const cell of table.querySelectorAll('.is-good, .is-breaks, .is-aside, .is-barred, .is-over, .is-dragged')) {
    cell.classList.remove('is-good', 'is-breaks', 'is-aside', 'is-barred', 'is-over', 'is-dragged');
  }
}

async function look(address) {
  const mine = place;
  const answer = await fetch(`${address}/targets`, { headers: { Accept: 'text/html' } });
  if (!answer.ok || mine !== place) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  targets = [...page.querySelectorAll('li')].map((one) => ({ ...one.dataset, words: one.textContent.trim() }));
  mine.holder = page.querySelector('ul').dataset.holder;
  mark();
}

function send(target) {
  form.action = `${place.address}/move`;
  form.elements.shift.value = target.shift;
  form.elements.helper.value = target.helper;
  form.submit();
}

function drop(cell) {
  const several = targetsOf(cell);
  const open = several.filter((one) => one.grade !== 'barred');
  if (open.length === 1) send(open[0]);
  else if (open.length) location.assign(`${place.address}#elsewhere`);
  else say(several.map((one) => one.words).join(' ') || table.dataset.refused);
}

function cellOf(event) {
  return place && event.target.closest('[data-helper], [data-shift]');
}

function listen() {
  table.addEventListener('dragstart', (event) => {
    const spot = event.target.closest('[data-place]');
    if (!spot) return;
    place = { address: spot.getAttribute('href'), holder: spot.closest('[data-helper]').dataset.helper };
    event.dataTransfer.setData('text/plain', spot.textContent.trim());
    event.dataTransfer.effectAllowed = 'move';
    spot.classList.add('is-dragged');
    say('');
    look(place.address);
  });
  table.addEventListener('dragover', (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    event.preventDefault();
    const words = targetsOf(cell).map((one) => one.words).join(' ');
    if (!cell.classList.contains('is-over')) {
      table.querySelectorAll('.is-over').forEach((one) => one.classList.remove('is-over'));
      cell.classList.add('is-over');
      say(words);
    }
  });
  table.addEventListener('drop', (event) => {
    const cell = cellOf(event);
    if (!cell) return;
    event.preventDefault();
    drop(cell);
  });
  table.addEventListener('dragend', () => {
    unmark();
    place = null;
    targets = [];
  });
}

if (table && form) listen();
