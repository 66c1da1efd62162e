import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

const NARROW = 600; // CSS pixels: below, the drawing keeps the height that the page gives it
const LEGIBLE = 0.6; // scale below which 12 px labels are a blur: then the current step is centred
const READABLE = 0.8; // scale at which they can be read with ease
const ROOM = { x: 20, top: 30, bottom: 44 }; // for badges above and the bpmn.io mark below
const PAPER = 640; // CSS pixels that a card leaves on A4
const LARGEST = 1.15;
const LOWEST = 300; // CSS pixels
const HIGHEST = 680;

/** A bpmn.io viewer that shows what is done, where the tokens are and what is late. */
export class LiveDiagram {
  constructor(container) {
    this.container = container;
    this.viewer = new NavigatedViewer({
      container,
      zoomScroll: { enabled: false }, // the wheel scrolls the page
      textRenderer: { defaultStyle: { fontFamily: getComputedStyle(document.body).fontFamily } },
      bpmnRenderer: { defaultStrokeColor: '#435166', defaultLabelColor: '#1c2733' },
    });
    this.canvas = this.viewer.get('canvas');
    this.state = null;
    this.marks = [];
  }

  /** Draw a state; the drawing itself is read only when it is another one. */
  async show(state) {
    const other = !this.state || this.state.xml !== state.xml;
    this.state = state;
    if (other) {
      this.marks = [];
      await this.viewer.importXML(state.xml);
      this.canvas = this.viewer.get('canvas');
    }
    this.mark();
    if (other) {
      this.stretch();
      this.settle();
    }
    document.body.dataset.diagram = 'ready';
  }

  mark() {
    const { done, flows, active } = this.state;
    const overlays = this.viewer.get('overlays');
    this.marks.forEach(([id, name]) => this.canvas.removeMarker(id, name));
    overlays.clear();
    this.marks = [
      ...flows.map((id) => [id, 'way-flow']),
      ...done.map((id) => [id, 'way-done']),
      ...active.map(({ id, late }) => [id, late ? 'way-late' : 'way-now']),
    ].filter(([id]) => this.viewer.get('elementRegistry').get(id));
    this.marks.forEach(([id, name]) => this.canvas.addMarker(id, name));
    active.forEach((step) => step.label && this.badge(step));
  }

  badge({ id, late, label }) {
    if (!this.viewer.get('elementRegistry').get(id)) return;
    const html = document.createElement('div');
    html.className = late ? 'way-badge way-badge--late' : 'way-badge';
    html.textContent = label;
    this.viewer.get('overlays').add(id, { position: { top: -14, left: 26 }, html });
  }

  /** Give the drawing the height that it needs at full width, within reason. */
  stretch() {
    if (this.container.clientWidth < NARROW) return;
    const height = this.heightAt(this.container.clientWidth);
    this.container.style.height = `${Math.min(Math.max(height, LOWEST), HIGHEST)}px`;
  }

  heightAt(width) {
    const { inner } = this.canvas.viewbox();
    const scale = Math.min((width - 2 * ROOM.x) / inner.width, LARGEST);
    return Math.round(scale * inner.height + ROOM.top + ROOM.bottom);
  }

  /** Show all where it can be read so, else the current step. */
  settle() {
    if (!this.state || !this.container.clientWidth) return;
    this.canvas.resized();
    this.fit();
    if (this.canvas.zoom() < LEGIBLE) this.locate();
  }

  /** Show the whole drawing with room for badges and the bpmn.io mark. */
  fit() {
    const { inner } = this.canvas.viewbox();
    const width = this.container.clientWidth - 2 * ROOM.x;
    const height = this.container.clientHeight - ROOM.top - ROOM.bottom;
    const scale = Math.min(width / inner.width, height / inner.height, LARGEST);
    this.look(inner.x + inner.width / 2, inner.y + inner.height / 2 + (ROOM.bottom - ROOM.top) / 2 / scale, scale);
  }

  /** Bring the (first) current step to the middle, large enough to read. */
  locate() {
    const registry = this.viewer.get('elementRegistry');
    const step = this.state.active.map(({ id }) => registry.get(id)).find(Boolean);
    if (!step) return this.fit();
    const scale = Math.max(READABLE, this.canvas.zoom());
    return this.look(step.x + step.width / 2, step.y + step.height / 2, Math.min(scale, LARGEST));
  }

  larger() {
    this.canvas.zoom(Math.min(this.canvas.zoom() * 1.25, 3));
  }

  smaller() {
    this.canvas.zoom(Math.max(this.canvas.zoom() / 1.25, 0.15));
  }

  /** Paper is narrower than most screens: draw for the width that A4 leaves, no higher than needed. */
  onPaper() {
    this.container.style.width = `${PAPER}px`;
    this.container.style.height = `${this.heightAt(PAPER)}px`;
    this.canvas.resized();
    this.fit();
  }

  onScreen() {
    this.container.style.width = '';
    this.container.style.height = '';
    this.stretch();
    this.settle();
  }

  look(x, y, scale) {
    const [width, height] = [this.container.clientWidth / scale, this.container.clientHeight / scale];
    this.canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
  }
}
