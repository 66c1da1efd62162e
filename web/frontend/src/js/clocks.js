import { iconHref, meta, onContent, words } from './page.js';

const EVERY_MS = 30_000;
const ICONS = { green: 'timer', yellow: 'clock-alert', red: 'octagon-alert' };

/** Keep all running clocks of the page true, by the server's time and not this machine's. */
export function keepClocks() {
  const ahead = Date.parse(meta('now')) - Date.now();
  const said = words();
  const tick = () => {
    const now = Date.now() + ahead;
    document.querySelectorAll('[data-due]').forEach((clock) => show(clock, now, said));
  };
  setInterval(tick, EVERY_MS);
  document.addEventListener('visibilitychange', () => document.hidden || tick());
  onContent(tick);
}

function show(clock, now, said) {
  const [start, warn, due] = ['start', 'warn', 'due'].map((name) => Date.parse(clock.dataset[name]));
  const late = now >= due || clock.dataset.breached === '1';
  const lamp = late ? 'red' : now >= warn ? 'yellow' : 'green';
  const template = now >= due ? said.late : said.left;
  put(clock.querySelector('.clock__text'), template.replace('{span}', span(Math.abs(due - now), said)));
  clock.querySelector('use').setAttribute('href', iconHref(ICONS[lamp]));
  clock.classList.remove('clock--green', 'clock--yellow', 'clock--red');
  clock.classList.add(`clock--${lamp}`);
  frame(clock, lamp);
  const bar = clock.querySelector('.meter rect');
  if (bar) bar.setAttribute('width', `${Math.round(100 * share(start, due, now))}%`);
}

/** The edge of the row or card that a clock stands in has its colour. */
function frame(clock, lamp) {
  const around = clock.closest('[class*="row--"], [class*="todo--"]');
  if (around) around.className = around.className.replace(/--(green|yellow|red)\b/, `--${lamp}`);
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function share(start, due, now) {
  return due <= start ? 1 : Math.min(Math.max((now - start) / (due - start), 0), 1);
}

/** Two largest units, cut off and never rounded up: as web/filters.py says it. */
function span(ms, said) {
  const minutes = Math.floor(ms / 60_000);
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (days) return fill(hours ? said.days_hours : said.days, { d: days, h: hours });
  if (hours) return fill(rest ? said.hours_minutes : said.hours, { h: hours, m: rest });
  return minutes ? fill(said.minutes, { m: minutes }) : said.moment;
}

function fill(template, values) {
  return template.replace(/\{(\w)\}/g, (_, name) => values[name]);
}
