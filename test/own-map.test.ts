/** Maps of a user's own, through the command line, in a folder that has nothing but a configuration. */
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeProject, root, runMapcheck, type Ran } from './testing/project.ts';

const folder = makeProject('own-map');
symlinkSync(join(root, 'node_modules/vite'), join(folder, 'node_modules/vite'), 'dir');

const BROKEN = `
import { defineConfig, defineTarget } from 'mapcheck';

class Forgetful extends Map {
  set(key, value) {
    return this.size >= 20 && key === 3 ? this : super.set(key, value);
  }
}

export default defineConfig({
  targets: [
    defineTarget({ name: 'good', model: 'map', create: () => new Map() }),
    defineTarget({ name: 'forgetful', model: 'map', create: () => new Forgetful() }),
  ],
});
`;
writeFileSync(join(folder, 'mapcheck.config.js'), BROKEN);

const mapcheck = (...args: string[]): Ran => runMapcheck(folder, args);

describe('targets of a configuration', () => {
  test('are checked when none is named, the same for any number of workers', () => {
    const one = mapcheck('run', '--runs', '60', '--json', '--workers', '1');
    const two = mapcheck('run', '--runs', '60', '--json', '--workers', '2');
    expect(one.stderr).toBe('');
    expect(two.stdout).toBe(one.stdout);
    expect(one.code).toBe(1);
    const report = JSON.parse(one.stdout) as {
      targets: { target: string; verdict: string; failures: { trace: string }[] }[];
    };
    expect(report.targets.map(({ target, verdict }) => [target, verdict])).toEqual([
      ['good', 'holds'],
      ['forgetful', 'fails'],
    ]);
  });

  test('leave traces that replay, and that hold once the map is right', () => {
    const trace = `traces/failures/forgetful/${readdirSync(join(folder, 'traces/failures/forgetful'))[0]!}`;
    const replayed = mapcheck('replay', trace);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain('FAILS  forgetful / forgetful.');
    const fixed = BROKEN.replace('this.size >= 20 && key === 3', 'false');
    writeFileSync(join(folder, 'fixed.config.js'), fixed);
    expect(mapcheck('replay', trace, '--config', 'fixed.config.js').code).toBe(0);
  });

  test('have their properties listed, and can be named beside the built-in ones', () => {
    const { stdout } = mapcheck('list', 'good');
    expect(stdout).toContain('good.matches-model');
    expect(stdout).toContain('good.no-panic');
    expect(mapcheck('run', 'good', 'tree-bucket-map', '--runs', '20', '--workers', '1').code).toBe(
      0,
    );
    const wrong = mapcheck('run', 'forgetfull');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Did you mean forgetful?');
  });

  test('may stand in TypeScript', () => {
    const typed = `
      import { defineConfig, defineTarget } from 'mapcheck';
      const create = (): Map<string, number> => new Map<string, number>();
      export default defineConfig({ runs: 60, targets: [
        defineTarget({ name: 'typed', model: 'map', create, keys: ['', 'é'], keyAt: (n) => \`k\${n}\` }),
      ] });`;
    writeFileSync(join(folder, 'typed.config.ts'), typed);
    const { code, stderr } = mapcheck('run', '--config', 'typed.config.ts', '--workers', '1');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('the example of the README fails as it says', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, config] = /```js\n(import \{ defineConfig, defineTarget[^`]*)```/.exec(readme)!;
    const [block] = /FAIL {2}forgetful[^`]*/.exec(readme)!;
    writeFileSync(join(folder, 'readme.config.js'), config!);
    const { code, stdout } = mapcheck('run', '--config', 'readme.config.js', '--workers', '1');
    expect(code).toBe(1);
    expect(stdout).toContain(block);
  });

  test('say what is wrong with them', () => {
    const check = (target: string): string => {
      const text = `import { defineTarget } from 'mapcheck'; export default { targets: [${target}] };`;
      writeFileSync(join(folder, 'wrong.config.mjs'), text);
      const { code, stderr } = mapcheck('run', '--config', 'wrong.config.mjs');
      expect(code).toBe(2);
      expect(stderr).not.toContain('    at ');
      return stderr;
    };
    const create = 'create: () => new Map()';
    expect(check(`defineTarget({ name: 'a', model: 'mapp', ${create} })`)).toContain(
      'error [E-TARGET-002] defineTarget: a: model: unknown model "mapp"',
    );
    expect(check(`defineTarget({ name: 'go-map', model: 'map', ${create} })`)).toContain(
      'E-CONFIG-004',
    );
    expect(check('{}')).toContain('what defineTarget returns');
  });
});
