/** Builds the page into dist/web; `vite web` serves it with a running `tengen serve` behind it. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const server = process.env.TENGEN_SERVER ?? 'http://127.0.0.1:8080';
const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root,
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    rolldownOptions: { input: ['index.html', 'training.html'].map((name) => `${root}${name}`) },
  },
  server: { proxy: { '/api': server, '/ws': { target: server, ws: true } } },
});
