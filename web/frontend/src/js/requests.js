import { meta, words } from './page.js';
import { toast } from './toasts.js';

/** Send the CSRF token with every request that htmx makes. */
export function sendTokens() {
  document.addEventListener('htmx:config:request', (event) => {
    event.detail.ctx.request.headers['X-CSRFToken'] = meta('csrf-token');
  });
}

/**
 * A refused tap leaves the page standing: the refusal's sentence becomes a toast, and the list is
 * fetched anew, because what was refused is usually a list that had grown old.
 */
export function tellRefusals() {
  document.addEventListener('htmx:before:swap', (event) => {
    const { ctx } = event.detail;
    if (!ctx.response || ctx.response.status < 400) return;
    event.preventDefault();
    toast('bad', sentence(ctx.text));
    if (ctx.request.method !== 'GET') document.body.dispatchEvent(new CustomEvent('refresh'));
  });
  // The button that was tapped has gone with the swap: give the focus a place near by.
  document.addEventListener('htmx:after:swap', () => {
    const list = document.getElementById('inbox');
    if (list && document.activeElement === document.body) list.focus({ preventScroll: true });
  });
}

/** Find the sentence in whatever page a refusal came as. */
function sentence(html) {
  const found = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-sentence]');
  return found ? found.textContent : words().failed;
}
