import { onContent } from './page.js';

const STAY_MS = 6_000;
const FADE_MS = 300;

/** Take toasts away after a while; refusals stay until they are closed. */
export function showToasts() {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('.toast__close');
    if (button) leave(button.closest('.toast'));
  });
  onContent(() => {
    document.querySelectorAll('.toast--ok:not([data-timed])').forEach((toast) => {
      toast.dataset.timed = '1';
      setTimeout(() => leave(toast), STAY_MS);
    });
  });
}

function leave(toast) {
  toast.classList.add('toast--leaving');
  setTimeout(() => toast.remove(), FADE_MS);
}
