/**
 * What it costs to import `mapcheck/vitest` and `mapcheck/fast-check`: cold, in a process of its own each time, against an
 * empty module and against what they are for, which a test file imports anyway. Prints medians in milliseconds.
 */
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUNDS = 9;
/** The checkout: this file is `dist/bench/import-cost.js`. */
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const modules = realpathSync(join(root, 'node_modules'));
const project = mkdtempSync(join(realpathSync(tmpdir()), 'mapcheck-import-cost-'));

mkdirSync(join(project, 'node_modules'));
symlinkSync(root, join(project, 'node_modules/mapcheck'));
for (const name of ['vitest', 'fast-check']) {
  symlinkSync(join(modules, name), join(project, 'node_modules', name));
}
writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
writeFileSync(join(project, 'empty.js'), 'export const nothing = 0;\n');

/** Imports the modules one after another and writes how long each took. */
function timing(names: readonly string[]): string {
  const lines = names.map(
    (name) =>
      `{ const t = performance.now(); await import('${name}'); times.push(performance.now() - t); }`,
  );
  return `import { writeFileSync } from 'node:fs';
const times = [];
${lines.join('\n')}
writeFileSync(new URL('./times.json', import.meta.url), JSON.stringify(times));
`;
}

function measure(names: readonly string[], file: string, args: readonly string[], rest = ''): void {
  writeFileSync(join(project, file), timing(names) + rest);
  const rounds: number[][] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
    rounds.push(JSON.parse(readFileSync(join(project, 'times.json'), 'utf8')) as number[]);
  }
  names.forEach((name, index) => {
    const sorted = rounds.map((times) => times[index]!).toSorted((a, b) => a - b);
    process.stdout.write(`${name.padEnd(24)} ${sorted[ROUNDS >> 1]!.toFixed(1).padStart(8)} ms\n`);
  });
}

try {
  process.stdout.write('in Node:\n');
  measure(['./empty.js', 'fast-check', 'mapcheck/fast-check'], 'main.js', ['main.js']);
  process.stdout.write('in a worker of vitest:\n');
  const command = [join(modules, 'vitest/vitest.mjs'), 'run', '--root', project];
  writeFileSync(
    join(project, 'vitest.config.js'),
    `import { steppedModules } from 'mapcheck/vite';\nexport default { plugins: [steppedModules({ include: [] })] };\n`,
  );
  const names = ['./empty.js', 'vitest', 'mapcheck/vitest'];
  measure(names, 'cost.test.js', command, `import { test } from 'vitest';\ntest('x', () => {});\n`);
} finally {
  rmSync(project, { recursive: true });
}
