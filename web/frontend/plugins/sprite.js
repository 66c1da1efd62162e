import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Gather the icons of a folder into one SVG sprite, so that a page fetches one cached file and
 * an icon is `<svg><use href="sprite.svg#name">`. The manifest lists it as `icons.svg`.
 */
export function sprite(folder) {
  return {
    name: 'sprite',
    buildStart() {
      const files = readdirSync(folder).filter((name) => name.endsWith('.svg')).sort();
      files.forEach((name) => this.addWatchFile(join(folder, name)));
      const symbols = files.map((name) => symbol(basename(name, '.svg'), readFileSync(join(folder, name), 'utf8')));
      this.emitFile({
        type: 'asset',
        name: 'icons.svg',
        originalFileName: 'icons.svg',
        source: `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`,
      });
    },
  };
}

function symbol(id, svg) {
  const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '').replace(/\s*\n\s*/g, '');
  return `<symbol id="${id}" viewBox="0 0 24 24">${body}</symbol>`;
}
