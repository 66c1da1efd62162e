import { defineConfig } from 'vite';

import { sprite } from './plugins/sprite.js';

// The floor is Chromium 86: office browsers that cannot be updated (docs/decisions).
const BROWSERS = ['chrome86', 'es2020'];

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [sprite('src/icons')],
  build: {
    outDir: '../static/dist',
    emptyOutDir: true,
    manifest: 'manifest.json',
    license: { fileName: 'licenses.md' }, // the texts that the bundled libraries ask to be kept with them
    target: BROWSERS,
    cssTarget: BROWSERS[0],
    // A strict CSP: no data: fonts or images in the style sheets, no injected preload script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: {
        main: 'src/main.js',
        style: 'src/main.css',
        live: 'src/live.js',
        diagram: 'src/live.css',
      },
    },
  },
});
