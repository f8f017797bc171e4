/** Maps of other languages, each behind `docs/process-targets.md`. Run in this folder: `npx mapcheck run`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig, defineProcessTarget } from 'mapcheck';

const cwd = fileURLToPath(new URL('.', import.meta.url));
const has = (program, ...args) => spawnSync(program, args).status === 0;

const go = [
  // Go's map has NaN as a key that no lookup finds, as often as it is set.
  defineProcessTarget({
    name: 'go-built-in-map',
    model: 'unordered-map',
    keyIdentity: 'never-nan',
    command: ['go', 'run', 'map.go'],
    operations: ['get', 'set', 'has', 'delete', 'clear', 'size', 'entries'],
    cwd,
  }),
  defineProcessTarget({
    name: 'go-sync-map',
    model: 'sync-map',
    keyIdentity: 'never-nan',
    command: ['go', 'run', 'map.go', 'sync'],
    cwd,
  }),
];

const python = [
  defineProcessTarget({
    name: 'python-dict',
    model: 'map',
    command: ['python3', 'map.py'],
    cwd,
  }),
];

export default defineConfig({
  targets: [...(has('go', 'version') ? go : []), ...(has('python3', '-V') ? python : [])],
});
