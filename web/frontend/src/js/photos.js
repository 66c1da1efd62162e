import { icon, words } from './page.js';

const EDGE = 176; // pixels of the thumbnail: 88 CSS pixels at a density of 2

/** Let photos be added in several goes, seen before sending, and taken off again. */
export function previewPhotos() {
  document.querySelectorAll('[data-photos]').forEach((box) => {
    const input = box.querySelector('input[type="file"]');
    const most = Number(box.dataset.photos);
    let chosen = [];
    const redraw = () => {
      input.files = asList(chosen);
      box.querySelectorAll('.camera__shot').forEach((shot) => shot.remove());
      chosen.forEach((file, index) => box.insertBefore(shot(file, index, drop), box.lastElementChild));
      box.lastElementChild.hidden = chosen.length >= most;
    };
    const drop = (index) => {
      chosen.splice(index, 1);
      redraw();
      input.focus();
    };
    input.addEventListener('change', () => {
      chosen = chosen.concat(Array.from(input.files)).slice(0, most);
      redraw();
    });
  });
}

function asList(files) {
  const transfer = new DataTransfer();
  files.forEach((file) => transfer.items.add(file));
  return transfer.files;
}

function shot(file, index, drop) {
  const said = words();
  const element = document.createElement('div');
  const canvas = document.createElement('canvas');
  const button = document.createElement('button');
  element.className = 'camera__shot';
  canvas.width = canvas.height = EDGE;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', said.photo.replace('{n}', index + 1));
  button.type = 'button';
  button.className = 'camera__drop';
  button.setAttribute('aria-label', said.photo_drop.replace('{n}', index + 1));
  button.append(icon('x'));
  button.addEventListener('click', () => drop(index));
  element.append(canvas, button);
  draw(file, canvas);
  return element;
}

/** Paint the middle square of a picture; what is no picture stays grey and the server says why. */
async function draw(file, canvas) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return;
  const side = Math.min(picture.width, picture.height);
  const [x, y] = [(picture.width - side) / 2, (picture.height - side) / 2];
  canvas.getContext('2d').drawImage(picture, x, y, side, side, 0, 0, EDGE, EDGE);
  picture.close();
}
