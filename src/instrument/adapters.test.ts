import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { load } from './node-hooks.ts';
import { matchesGlobs } from './resolve.ts';
import { accessorsBelow } from './vite-accessors.ts';
import { steppedModules } from './vite.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapcheck-adapters-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SOURCE = 'export const read = (view: Int32Array): number => view[0]!;\n';

describe('the plugin for Vite', () => {
  const plugin = steppedModules({
    include: ['src/**', 'shared-lib'],
    exclude: ['src/skip/*'],
    runtime: 'rt',
  });
  plugin.configResolved({ root: '/project' });

  test('steps what is included, with a map, and names files from the root', () => {
    const result = plugin.transform(SOURCE, '/project/src/a/read.ts?v=1');
    expect(result?.code).toContain('from "rt"');
    expect(result?.code).toContain('yield $_readElement');
    expect(result?.code).toContain('"src/a/read.ts"');
    expect(result?.map.sources).toEqual(['/project/src/a/read.ts']);
    expect(plugin.transform(SOURCE, '/project/node_modules/shared-lib/d/x.ts')?.code).toContain(
      'rt',
    );
  });

  test('leaves the rest alone', () => {
    expect(plugin.transform(SOURCE, '/project/lib/read.ts')).toBe(null);
    expect(plugin.transform(SOURCE, '/project/src/skip/read.ts')).toBe(null);
    expect(plugin.transform('a {}', '/project/src/a.css')).toBe(null);
    expect(plugin.transform(SOURCE, '/project/node_modules/other/src/x.js')).toBe(null);
  });
});

describe('the plugin within vitest', () => {
  test('has packages transformed, and leaves mapcheck to Node', () => {
    const { inline, external } = steppedModules({ include: ['src/**', '@own/*', 'lib'] }).config()
      .test.server.deps;
    const isInline = (path: string): boolean => inline.some((pattern) => pattern.test(path));
    expect(isInline('/p/node_modules/lib/index.js')).toBe(true);
    expect(isInline('/p/node_modules/@own/a/index.js')).toBe(true);
    expect(isInline('/p/node_modules/library/index.js')).toBe(false);
    expect(isInline('/p/src/a.ts')).toBe(false);
    const own = new URL('./runtime/index.ts', import.meta.url);
    expect(external.some((pattern) => pattern.test(own.pathname))).toBe(true);
    expect(external.some((pattern) => pattern.test('/p/src/a.ts'))).toBe(false);
  });

  test('knows getters of modules that are loaded later, and getters that use them', () => {
    const project = join(folder, 'getters');
    mkdirSync(join(project, 'node_modules/x'), { recursive: true });
    const write = (name: string, code: string): void => writeFileSync(join(project, name), code);
    write(
      'a.ts',
      'export class A { view!: Int32Array; get first(): number { return this.view[0]!; } }',
    );
    write('b.ts', `export class B { a!: any; get twice(): number { return 2 * this.a.first; } }`);
    write('c.ts', 'export class C { get plain(): number { return 1; } get');
    write('node_modules/x/d.ts', 'export class D { get hidden() { return view[0]; } }');
    const names = accessorsBelow(project, () => true, ['given']);
    expect([...names].toSorted()).toEqual(['first', 'given', 'twice']);
    const plugin = steppedModules({ include: ['*.ts'], runtime: 'rt' });
    plugin.configResolved({ root: project });
    const reader = 'export const read = (b: any): number => b.twice;';
    expect(plugin.transform(reader, join(project, 'main.ts'))?.code).toContain('"twice"');
  });

  test('refuses CommonJS, and says where a module cannot be stepped', () => {
    const plugin = steppedModules({ include: ['src/**'] });
    plugin.configResolved({ root: '/project' });
    expect(() => plugin.transform('exports.a = 1;', '/project/src/a.cjs')).toThrow('CommonJS');
    let error: unknown;
    try {
      plugin.transform('const a =\n  ;', '/project/src/a.js');
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ code: 'E-INSTRUMENT-006' });
    try {
      plugin.transform('export const a =\n  ;', '/project/src/a.ts');
    } catch (reason) {
      error = reason;
    }
    expect(error).toMatchObject({ loc: { file: '/project/src/a.ts', line: 2, column: 2 } });
  });
});

describe('the hook for Node', () => {
  const next = (url: string): { format: string; url: string } => ({ format: 'next', url });

  test('gives the stepped form of the files it is told to', () => {
    writeFileSync(join(folder, 'read.ts'), SOURCE);
    const url = `file://${join(folder, 'read.ts')}`;
    process.env['MAPCHECK_INSTRUMENT'] = `${folder}/*.ts`;
    const result = load(url, {}, next);
    delete process.env['MAPCHECK_INSTRUMENT'];
    expect(result.format).toBe('module');
    expect((result as { source: string }).source).toContain('yield $_readElement');
    expect((result as { source: string }).source).toContain('sourceMappingURL=data:');
    expect(load(url, {}, next)).toEqual({ format: 'next', url });
  });
});

test('globs match paths from the base and packages by name', () => {
  const match = (glob: string, path: string, name: string | null): boolean =>
    matchesGlobs([glob], path, name, '/p');
  expect(match('./lib/*.js', '/p/lib/a.js', null)).toBe(true);
  expect(match('./lib/*.js', '/p/lib/b/a.js', null)).toBe(false);
  expect(match('lib/**', '/p/lib/b/a.js', null)).toBe(true);
  expect(match('pkg', '/p/node_modules/pkg/d/a.js', 'pkg')).toBe(true);
  expect(match('pkg/d/*', '/p/node_modules/pkg/d/a.js', 'pkg')).toBe(true);
  expect(match('pkg/e/*', '/p/node_modules/pkg/d/a.js', 'pkg')).toBe(false);
  expect(match('@own/*', '/p/node_modules/@own/x/a.js', '@own/x')).toBe(true);
  expect(match('pk', '/p/node_modules/pkg/a.js', 'pkg')).toBe(false);
});
