import { meta } from './page.js';

/** Send the CSRF token with every request that htmx makes. */
export function sendTokens() {
  document.addEventListener('htmx:config:request', (event) => {
    event.detail.ctx.request.headers['X-CSRFToken'] = meta('csrf-token');
  });
}

/**
 * A refused tap leaves the list standing: the refusal's sentence comes as a toast (out of band) and
 * the list is fetched anew, because what was refused is usually a list that had grown old.
 */
export function tellRefusals() {
  document.addEventListener('htmx:before:swap', (event) => {
    const { ctx } = event.detail;
    if (!ctx.response || ctx.response.status < 400) return;
    ctx.swap = 'none';
    if (ctx.request.method !== 'GET') {
      setTimeout(() => document.body.dispatchEvent(new CustomEvent('refresh')), 0);
    }
  });
  // The button that was tapped has gone with the swap: give the focus a place near by.
  document.addEventListener('htmx:after:swap', () => {
    const list = document.getElementById('inbox');
    if (list && document.activeElement === document.body) list.focus({ preventScroll: true });
  });
}
