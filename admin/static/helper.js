/* When the two have talked, the page of the call goes on to how it went. */
function goOn() {
  const told = document.querySelector('[data-go]');
  if (told) location.replace(told.dataset.go);
}

document.addEventListener('htmx:after:swap', goOn);
document.addEventListener('htmx:after:settle', goOn);
