/**
 * The package as people get it: packed, installed into an empty project, and used there as the README says.
 *
 * The examples are read out of the README, so that it cannot say what does not work.
 */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
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
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { initFiles } from '../src/cli/init-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mapcheck-package-test-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const project = join(folder, 'project');
const bin = join(project, 'node_modules/.bin/mapcheck');

function run(command: string, args: readonly string[], cwd = project): SpawnSyncReturns<string> {
  const env = { ...process.env, CI: '', NO_COLOR: '1', GITHUB_ACTIONS: '', LC_ALL: 'C.UTF-8' };
  return spawnSync(command, args, { cwd, encoding: 'utf8', env });
}

/** Runs a command that must succeed, and returns its output. */
function succeed(command: string, args: readonly string[], cwd = project): string {
  const { status, stdout, stderr } = run(command, args, cwd);
  expect(status, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

interface Example {
  readonly language: string;
  readonly code: string;
  /** The text block that follows it at once, or an empty text. */
  readonly shown: string;
}

/** The code blocks of a document, in order. */
function examplesOf(document: string): Example[] {
  const blocks = [
    ...readFileSync(join(root, document), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms),
  ];
  return blocks.map(([, language, code], index) => {
    const next = blocks[index + 1];
    return { language: language!, code: code!, shown: next?.[1] === 'text' ? next[2]! : '' };
  });
}

// Examples of tests need vitest, which is the user's own; its matchers have tests beside them.
const examples = examplesOf('README.md').filter(
  ({ language, code }) =>
    /^(ts|js)$/.test(language) && !/from '(vitest|mapcheck\/vitest)'/.test(code),
);
const isProgram = ({ code }: Example): boolean => code.includes('defineProgram');
const isConfig = ({ code }: Example): boolean => code.includes('defineConfig');
const isScript = (example: Example): boolean => !isProgram(example) && !isConfig(example);

/** `value; // 10` says what an expression gives: that is made into a check. */
function withChecks(code: string): string {
  const checked = code.replaceAll(
    /^(\w[^;\n]*); \/\/ ([\d{'"[].*|true|false|undefined)$/gm,
    (_, expression: string, value: string) => `assert.deepStrictEqual(${expression}, ${value});`,
  );
  return `import assert from 'node:assert';\n${checked}`;
}

/** Makes JavaScript of a file. */
function compile(file: string): void {
  const options = '--module nodenext --target es2022 --types node --skipLibCheck'.split(' ');
  const types = ['--typeRoots', join(root, 'node_modules/@types'), '--ignoreConfig', file];
  succeed(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, ...types]);
}

beforeAll(() => {
  mkdirSync(project);
  const packed = succeed('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const tarball = join(folder, packed.trim().split('\n').at(-1)!);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const packages = [tarball, '@action-validator/core@0.6.0'];
  succeed('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...packages]);
}, 180_000);

describe('in an empty project', () => {
  test('the command runs, scaffolds and checks', () => {
    expect(succeed(bin, ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
    succeed(bin, ['init', '--dir', 'scaffold']);
    const report = succeed(bin, ['run', '--runs', '2', '--json'], join(project, 'scaffold'));
    expect(JSON.parse(report)).toMatchObject({ verdict: 'holds' });
    const all = JSON.parse(succeed(bin, ['run', '--runs', '1', '--json'])) as { targets: object[] };
    expect(all.targets.length).toBeGreaterThan(3);
  });

  test('what patches the source of an engine finds it', () => {
    const report = JSON.parse(succeed(bin, ['mutants', 'T01', '--json'])) as { killed: number };
    expect(report.killed).toBe(1);
  });

  test('every entry point is imported, and types stand beside it', () => {
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
    };
    // The loader changes what is imported after it; vite and vitest are the user's own.
    const peers = /vite|vitest|fast-check|loader|package\.json/;
    const names = Object.keys(exports).filter((name) => !peers.test(name));
    const text = names
      .map((name) => `await import('${name.replace('.', 'mapcheck')}');`)
      .join('\n');
    writeFileSync(join(project, 'imports.js'), `${text}\nconsole.log('all');`);
    expect(succeed(process.execPath, ['imports.js'])).toBe('all\n');
  });

  test('no file of tests or measurements is in it', () => {
    const files = run('find', ['node_modules/mapcheck/', '-name', '*.js']).stdout;
    expect(files).toContain('dist/src/index.js');
    expect(files).not.toMatch(/\.test\.js|dist\/bench\//);
  });
});

describe('the examples of the README', () => {
  test('are there', () => {
    expect(examples.filter(isProgram).length).toBeGreaterThan(0);
    expect(examples.filter(isScript).length).toBeGreaterThan(1);
  });

  test('have right types', () => {
    const typed = examples.filter(({ language }) => language === 'ts');
    typed.forEach(({ code }, index) => writeFileSync(join(project, `type-${index}.ts`), code));
    const config = {
      compilerOptions: {
        strict: true,
        module: 'NodeNext',
        target: 'ES2022',
        lib: ['ES2023', 'DOM'],
        types: [],
        noEmit: true,
      },
      include: ['type-*.ts'],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(config));
    expect(succeed(process.execPath, [join(root, 'node_modules/typescript/bin/tsc')])).toBe('');
  });

  test.each(examples.filter(isProgram).map((example, index) => [index, example] as const))(
    'program %d fails as is shown, in TypeScript and in JavaScript',
    (_, { code, shown }) => {
      const file = /\w+\.ts/.exec(shown)![0];
      writeFileSync(join(project, file), code);
      const typed = run(bin, ['explore', file]);
      expect(typed.status).toBe(shown.startsWith('FAIL') ? 1 : 0);
      // The trace's name has a digest of all that is in it.
      const plain = (text: string): string => text.replace(/-[0-9a-f]{10}\.json/, '.json').trim();
      expect(plain(typed.stdout)).toBe(plain(shown));
      // In JavaScript it is the same failure, at other places.
      compile(file);
      const untyped = run(bin, ['explore', file.replace('.ts', '.js')]);
      expect(untyped.status).toBe(typed.status);
      expect(untyped.stdout.split('\n')[1]).toBe(typed.stdout.split('\n')[1]);
    },
  );

  test.each(examples.filter(isScript).map((example, index) => [index, example] as const))(
    'script %d gives what its comments say',
    (index, { code }) => {
      const file = `script-${index}.ts`;
      writeFileSync(join(project, file), withChecks(code));
      compile(file);
      succeed(process.execPath, [file.replace('.ts', '.js')]);
    },
  );

  test.each(examples.filter(isConfig).map((example, index) => [index, example] as const))(
    'configuration %d is one that runs',
    (index, { code }) => {
      const file = `config-${index}.mjs`;
      writeFileSync(join(project, file), code);
      const { status, stderr } = run(bin, ['run', '--config', file, '--runs', '3']);
      expect([0, 1], stderr).toContain(status);
    },
  );
});

describe('the GitHub Action', () => {
  const action = readFileSync(join(root, 'action.yml'), 'utf8');

  test('is valid, and so is the workflow that init writes, by the schema of GitHub', () => {
    const { text } = initFiles({ isTypeScript: false }).find(({ path }) => path.endsWith('.yml'))!;
    const files = { action, workflow: text, wrong: action.replace('composite', 'compsite') };
    writeFileSync(join(project, 'files.json'), JSON.stringify(files));
    const script = `
      import core from '@action-validator/core';
      import { readFileSync } from 'node:fs';
      const { action, workflow, wrong } = JSON.parse(readFileSync('files.json', 'utf8'));
      const states = [core.validateAction(action), core.validateWorkflow(workflow), core.validateAction(wrong)];
      console.log(JSON.stringify(states.map(({ errors }) => errors.length)));`;
    writeFileSync(join(project, 'validate.mjs'), script);
    expect(JSON.parse(succeed(process.execPath, ['validate.mjs']))).toEqual([0, 0, 2]);
  });

  test('runs the gate, gives its exit code, and leaves reports', () => {
    const place = join(folder, 'action');
    mkdirSync(place);
    symlinkSync(join(project, 'node_modules'), join(place, 'node_modules'));
    writeFileSync(join(place, 'package.json'), '{}');
    const target = (name: string, get: string): string =>
      `defineTarget({ name: '${name}', model: 'map', create: () => new Map(), operations: { ${get} } })`;
    writeFileSync(
      join(place, 'mapcheck.config.mjs'),
      `import { defineConfig, defineTarget } from 'mapcheck';
       export default defineConfig({ targets: [${target('good', '')}, ${target('bad', 'get: () => 0')}] });`,
    );
    const [, block] = /^      run: \|\n((?: {8}.*\n)+)/m.exec(action)!;
    writeFileSync(join(place, 'gate.sh'), block!.replaceAll(/^ {8}/gm, ''));
    const gate = (targets: string): string[] => {
      const output = join(place, `output-${targets}`);
      const env = {
        ...process.env,
        INPUT_TARGETS: targets,
        INPUT_RUNS: '2',
        INPUT_SEED: '-5 x',
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: join(place, 'summary.md'),
      };
      const shell = ['--noprofile', '--norc', '-eo', 'pipefail', 'gate.sh'];
      const { status, stdout } = spawnSync('bash', shell, { cwd: place, encoding: 'utf8', env });
      return [String(status), readFileSync(output, 'utf8').trim(), stdout];
    };
    const [good, goodOutput, stdout] = gate('good');
    expect([good, goodOutput]).toEqual(['0', 'exit-code=0']);
    expect(stdout).toContain('seed "-5 x"');
    expect(stdout).not.toContain('bad');
    const [both, bothOutput, annotated] = gate('');
    expect([both, bothOutput]).toEqual(['1', 'exit-code=1']);
    expect(annotated).toContain('::error file=traces/failures/bad/');
    expect(readFileSync(join(place, '.mapcheck/reports/junit.xml'), 'utf8')).toContain('<failure');
    expect(readFileSync(join(place, 'summary.md'), 'utf8')).toContain('| bad |');
  });
});
