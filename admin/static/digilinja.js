/* What every page does where scripts run: the speed of a sound, kept as its listener chose it. */
const KEPT = 'digilinja.speed';

function choose(player, speed) {
  const sound = player.querySelector('audio');
  sound.defaultPlaybackRate = speed;
  sound.playbackRate = speed;
  for (const button of player.querySelectorAll('[data-speed]')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.speed) === speed));
  }
}

function open(root) {
  const kept = Number(localStorage.getItem(KEPT)) || 1;
  for (const player of root.querySelectorAll('.player')) {
    player.querySelector('.player__speeds').hidden = false;
    choose(player, kept);
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-speed]');
  if (!button) return;
  localStorage.setItem(KEPT, button.dataset.speed);
  choose(button.closest('.player'), Number(button.dataset.speed));
});
document.addEventListener('htmx:after:settle', () => open(document));
open(document);
