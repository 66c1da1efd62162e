// The live diagram of a case: where it stands, on the very drawing that runs it.
import './js/floor.js';
import { LiveDiagram } from './js/diagram.js';
import { watchTouch } from './js/touch.js';

const box = document.querySelector('[data-way]');
if (box) start(box);

function start(way) {
  const container = way.querySelector('.diagram');
  const diagram = new LiveDiagram(container);
  let chosen = 0;
  const show = () => diagram.show(states()[chosen]);
  way.addEventListener('click', (event) => {
    const button = event.target.closest('[data-diagram], [data-zoom]');
    if (!button) return;
    if (button.dataset.zoom) return diagram[button.dataset.zoom]();
    chosen = Number(button.dataset.diagram);
    press(way, chosen);
    return show();
  });
  watchTouch(container, diagram);
  new ResizeObserver(() => diagram.settle()).observe(container);
  document.addEventListener('htmx:after:swap', show);
  window.addEventListener('beforeprint', () => diagram.onPaper());
  window.addEventListener('afterprint', () => diagram.onScreen());
  show();
}

function states() {
  return JSON.parse(document.querySelector('#way-data script').textContent);
}

function press(way, chosen) {
  way.querySelectorAll('[data-diagram]').forEach((button) => {
    button.setAttribute('aria-pressed', String(Number(button.dataset.diagram) === chosen));
  });
}
