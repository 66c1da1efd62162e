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
  const show = () => diagram.show(view(chosen));
  const choose = (index) => {
    chosen = index;
    press(way, chosen);
    show();
  };
  way.addEventListener('click', (event) => {
    const button = event.target.closest('[data-diagram], [data-zoom]');
    if (!button) return;
    if (button.dataset.zoom) diagram[button.dataset.zoom]();
    else choose(Number(button.dataset.diagram));
  });
  way.addEventListener('change', (event) => event.target.matches('[data-pick]') && choose(Number(event.target.value)));
  watchTouch(container, diagram);
  new ResizeObserver(() => diagram.settle()).observe(container);
  document.addEventListener('htmx:after:swap', show);
  window.addEventListener('beforeprint', () => diagram.onPaper());
  window.addEventListener('afterprint', () => diagram.onScreen());
  show();
}

/** Read the state anew each time: the server may have swapped in a later one. */
function view(index) {
  const { drawings, views } = JSON.parse(document.querySelector('#way-data script').textContent);
  const { drawing, ...state } = views[Math.min(index, views.length - 1)];
  return { ...state, xml: drawings[drawing] };
}

function press(way, chosen) {
  way.querySelectorAll('[data-diagram]').forEach((button) => {
    button.setAttribute('aria-pressed', String(Number(button.dataset.diagram) === chosen));
  });
}
