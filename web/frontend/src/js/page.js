/** Return the content of a `<meta name>` of this page, or an empty string. */
export function meta(name) {
  const element = document.querySelector(`meta[name="${name}"]`);
  return element ? element.content : '';
}

/** Sentences of the page's language, given by the server from the one catalogue. */
export function words() {
  return JSON.parse(document.getElementById('words').textContent);
}

/** Run `action` now and after every swap, for content that htmx puts in later. */
export function onContent(action) {
  action();
  document.addEventListener('htmx:after:swap', action);
}

/** Return the address of an icon of the sprite that the page uses. */
export function iconHref(name) {
  return `${meta('icons')}#${name}`;
}

/** Build an icon element like the `icon` macro does. */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const use = document.createElementNS(space, 'use');
  svg.setAttribute('class', 'ico');
  svg.setAttribute('aria-hidden', 'true');
  use.setAttribute('href', iconHref(name));
  svg.append(use);
  return svg;
}
