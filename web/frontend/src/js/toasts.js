import { icon, onContent, words } from './page.js';

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

/** Say a sentence in the corner where the server's own sentences appear. */
export function toast(tone, text) {
  const [element, said, close] = ['div', 'div', 'button'].map((name) => document.createElement(name));
  element.className = `toast toast--${tone}`;
  said.textContent = text;
  close.type = 'button';
  close.className = 'toast__close';
  close.setAttribute('aria-label', words().close);
  close.append(icon('x'));
  element.append(icon('triangle-alert'), said, close);
  document.getElementById('toasts').append(element);
}

function leave(toast) {
  toast.classList.add('toast--leaving');
  setTimeout(() => toast.remove(), FADE_MS);
}
