/**
 * Fingers on the drawing: one finger moves it sideways (up and down scrolls the page, see
 * `touch-action` in the style sheet), two fingers move and zoom it.
 */
export function watchTouch(container, diagram) {
  const fingers = new Map();
  const lift = (event) => fingers.delete(event.pointerId);
  container.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'touch') fingers.set(event.pointerId, at(event));
  });
  container.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const rest = [...fingers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    follow(diagram.canvas, before, at(event), rest[0]);
    fingers.set(event.pointerId, at(event));
  });
  container.addEventListener('pointerup', lift);
  container.addEventListener('pointercancel', lift);
  container.addEventListener('wheel', (event) => pinch(event, container, diagram.canvas), { passive: false });
}

function follow(canvas, before, after, other) {
  const share = other ? 0.5 : 1; // with two fingers each moves the drawing half
  canvas.scroll({ dx: (after.x - before.x) * share, dy: (after.y - before.y) * share });
  if (!other) return;
  const ratio = distance(after, other) / Math.max(distance(before, other), 1);
  canvas.zoom(Math.min(Math.max(canvas.zoom() * ratio, 0.15), 3));
}

/** Track pads send a pinch as a wheel with Ctrl; the plain wheel goes on scrolling the page. */
function pinch(event, container, canvas) {
  if (!event.ctrlKey) return;
  event.preventDefault();
  const box = container.getBoundingClientRect();
  const point = { x: event.clientX - box.left, y: event.clientY - box.top };
  canvas.zoom(Math.min(Math.max(canvas.zoom() * Math.exp(-event.deltaY / 200), 0.15), 3), point);
}

function at(event) {
  return { x: event.clientX, y: event.clientY };
}

function distance(one, two) {
  return Math.hypot(one.x - two.x, one.y - two.y);
}
