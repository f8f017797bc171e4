/** Maps in child processes, right and broken in every way there is. Runs the build in `dist`. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import type * as Mapcheck from '../src/index.ts';
import type { Operation, Program, Target, Violation } from '../src/index.ts';
import { runTicket } from '../src/run/ticket.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { defineProcessTarget, shrinkProgram } = (await import(
  new URL('../dist/src/index.js', import.meta.url).href
)) as typeof Mapcheck;

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-process-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A child around the native Map; the first argument breaks it. */
const CHILD = `
const broken = process.argv[2] ?? '';
const lines = require('node:readline').createInterface({ input: process.stdin });
const out = (line) => process.stdout.write(line + '\\n');
const key = (token) => JSON.stringify(token);
let map;
function answer({ op, args = [] }) {
  const [k, v] = args;
  switch (op) {
    case 'hello': return {
      version: broken === 'version' ? 2 : 1,
      operations: ['get', 'set', 'has', 'delete', 'clear', 'size', 'entries'].slice(0, broken === 'lacks' ? 5 : 7),
    };
    case 'new': map = new Map(); return null;
    case 'get': return map.has(key(k)) ? map.get(key(k))[1] : { undefined: true };
    case 'set':
      if (broken === 'forgets' && map.size >= 5 && k === 3) return null;
      if (broken === 'throws' && map.size >= 5) return { error: 'table is full' };
      if (broken === 'hangs' && map.size >= 3) for (;;);
      if (broken === 'dies' && map.size >= 3) { console.error('panic: out of buckets'); process.exit(3); }
      map.set(key(k), [k, v]); return null;
    case 'has': return broken === 'shape' && map.size >= 2 ? 'yes' : map.has(key(k));
    case 'delete': return map.delete(key(k));
    case 'clear': map.clear(); return null;
    case 'size': return map.size;
    case 'entries': return [...map.values()];
  }
  return null;
}
lines.on('line', (line) => {
  const request = JSON.parse(line);
  const result = answer(request);
  if (broken === 'mute' && request.op === 'clear') return;
  if (broken === 'chatty' && request.op === 'clear') return out('clearing the map now');
  const id = broken === 'order' && request.op === 'clear' ? request.id + 1 : request.id;
  out(JSON.stringify(result?.error ? { id, error: result.error } : { id, result }));
});
`;
writeFileSync(join(folder, 'child.cjs'), CHILD);

function targetOf(broken: string, more: object = {}): Target {
  return defineProcessTarget({
    name: 'child',
    model: 'map',
    command: [process.execPath, 'child.cjs', broken],
    cwd: folder,
    // Every number and string is itself; JSON keeps the others apart too, but not -0 from 0.
    keys: [{ object: 0 }, '', '0', Number.NaN, null, true],
    timeoutMs: 400,
    operations: ['get', 'set', 'has', 'delete', 'clear', 'size', 'entries'],
    ...more,
  });
}

function run(target: Target, operations: readonly Operation[]): Violation | null {
  const program: Program = {
    setup: { map: {}, checks: 'end' },
    draws: [],
    threads: [operations],
  };
  return target.execute(program).violation;
}

const sets = (count: number): Operation[] =>
  Array.from({ length: count }, (_, k) => ({ op: 'set', k, v: k }));

/** What matters of a violation. */
function essence(violation: Violation | null): unknown {
  if (violation === null) return null;
  const { property, message, expected, actual, operationIndex, state } = violation;
  const stderr = state.filter((line) => line.startsWith('stderr'));
  return { property, message, expected, actual, operationIndex, stderr };
}

test('a right child holds, and the digest does not depend on the child that answered', () => {
  const ticket = { targetIndex: 0, firstRun: 0, runCount: 40 };
  const first = runTicket(targetOf(''), 'test', 0, ticket, false);
  expect(first.violations).toEqual([]);
  expect(first.divergence).toBeNull();
  expect(runTicket(targetOf(''), 'test', 0, ticket, false).hash).toEqual(first.hash);
});

test('a broken map in a child is found and shrunk', () => {
  const target = targetOf('forgets');
  const ticket = { targetIndex: 0, firstRun: 0, runCount: 60 };
  const [found] = runTicket(target, 'test', 0, ticket, false).violations;
  const { program, violation } = shrinkProgram(target, found!.program, found!.violation, {
    knownFails: false,
  });
  expect(target.schema.parse(program)).toEqual(program);
  expect(program.threads[0]!.length).toBeLessThanOrEqual(3);
  expect(violation.property).toMatch(/^child\.(contents|size|matches-model)$/);
});

describe('a child that fails is a failure with its reason', () => {
  test('an error of the map', () => {
    expect(essence(run(targetOf('throws'), sets(7)))).toMatchInlineSnapshot(`
      {
        "actual": "the child says: table is full",
        "expected": "no error",
        "message": "set(5, 5) threw an error.",
        "operationIndex": 5,
        "property": "child.no-panic",
        "stderr": [],
      }
    `);
  });

  test('a child that hangs, and the one that takes its place', () => {
    const target = targetOf('hangs');
    expect(essence(run(target, sets(4)))).toMatchInlineSnapshot(`
      {
        "actual": "no answer for 400 ms",
        "expected": "an answer",
        "message": "The child process does not answer.",
        "operationIndex": 3,
        "property": "child.process",
        "stderr": [],
      }
    `);
    expect(run(target, sets(3))).toBeNull();
  });

  test('a child that dies, with the end of its standard error', () => {
    const target = targetOf('dies');
    expect(essence(run(target, sets(4)))).toMatchInlineSnapshot(`
      {
        "actual": "exit code 3",
        "expected": "an answer",
        "message": "The child process ended before it had answered.",
        "operationIndex": 3,
        "property": "child.process",
        "stderr": [
          "stderr: panic: out of buckets",
        ],
      }
    `);
    expect(run(target, sets(3))).toBeNull();
  });

  test('nonsense, the wrong order, the wrong shape, nothing at all', () => {
    const clear: Operation[] = [...sets(1), { op: 'clear' }, { op: 'size' }];
    expect(essence(run(targetOf('chatty'), clear))).toMatchInlineSnapshot(`
      {
        "actual": "clearing the map now",
        "expected": "a line of JSON: {"id":3,"result": anything, as null}",
        "message": "The child process answers with a line that is no answer.",
        "operationIndex": 1,
        "property": "child.process",
        "stderr": [],
      }
    `);
    expect(essence(run(targetOf('order'), clear))).toMatchInlineSnapshot(`
      {
        "actual": "{"id":4,"result":null}",
        "expected": ""id":3, since answers come in the order of requests",
        "message": "The child process answers with a line that is no answer.",
        "operationIndex": 1,
        "property": "child.process",
        "stderr": [],
      }
    `);
    expect(essence(run(targetOf('shape'), [...sets(2), { op: 'has', k: 0 }])))
      .toMatchInlineSnapshot(`
      {
        "actual": "{"id":4,"result":"yes"}",
        "expected": "the result of has: true or false; or {"id":4,"error":"…"}",
        "message": "The child process answers with a line that is no answer.",
        "operationIndex": 2,
        "property": "child.process",
        "stderr": [],
      }
    `);
    expect(essence(run(targetOf('mute'), clear))).toMatchObject({
      actual: '{"id":4,"result":0}',
      expected: expect.stringContaining('"id":3'),
    });
  });

  test('another version, or operations that it lacks', () => {
    expect(essence(run(targetOf('version'), []))).toMatchInlineSnapshot(`
      {
        "actual": "it speaks version 2 of the protocol, not 1",
        "expected": "an answer",
        "message": "The child process is not one that can be asked.",
        "operationIndex": 0,
        "property": "child.process",
        "stderr": [],
      }
    `);
    expect(essence(run(targetOf('lacks'), []))).toMatchInlineSnapshot(`
      {
        "actual": "it has no size, entries, only get, set, has, delete, clear: name what it has in the \`operations\` of the target",
        "expected": "an answer",
        "message": "The child process is not one that can be asked.",
        "operationIndex": 0,
        "property": "child.process",
        "stderr": [],
      }
    `);
  });

  test('a command that does not exist', () => {
    const target = targetOf('', { command: ['no-such-program-of-mine'] });
    expect(essence(run(target, []))).toMatchInlineSnapshot(`
      {
        "actual": "spawn no-such-program-of-mine ENOENT",
        "expected": "an answer",
        "message": "The child process cannot be started.",
        "operationIndex": 0,
        "property": "child.process",
        "stderr": [],
      }
    `);
  });
});

describe('a definition that is wrong', () => {
  const message = (more: object): string => {
    try {
      targetOf('', more);
    } catch (error) {
      const { code, place, message: text, todo } = error as Record<string, string>;
      return [`[${code}] ${place}: ${text}`, todo].join('\n');
    }
    return 'no error';
  };

  test('says where and what to do', () => {
    expect(message({ command: 'go run map.go' })).toMatchInlineSnapshot(`
      "[E-TARGET-007] defineProcessTarget: child: command: the command is no list of a program and its arguments
      Write command: ['go', 'run', 'map.go']."
    `);
    expect(message({ model: 'persistent-map' })).toMatchInlineSnapshot(`
      "[E-TARGET-002] defineProcessTarget: child: model: a persistent map cannot be asked of another process
      Take map or unordered-map, and have the child keep the newest version."
    `);
    expect(message({ operations: ['get', 'put'] })).toMatchInlineSnapshot(`
      "[E-TARGET-003] defineTarget: child: operations.put: the model 'map' has no operation "put"
      Known: get, set, has, delete, clear, size, entries, keys, values, forEach."
    `);
    expect(message({ timeoutMS: 3 })).toMatchInlineSnapshot(`
      "[E-TARGET-001] defineProcessTarget: child: timeoutMS: unknown setting "timeoutMS"
      Did you mean timeoutMs?"
    `);
  });
});

/** The examples, from a folder of their own. */
describe('the examples', () => {
  const place = join(folder, 'examples');
  cpSync(join(root, 'examples/process-map'), place, { recursive: true });
  mkdirSync(join(place, 'node_modules'));
  symlinkSync(root, join(place, 'node_modules/mapcheck'), 'dir');
  writeFileSync(join(place, 'package.json'), '{"type":"module"}');

  const runs = (...names: string[]): { code: number | null; stdout: string; stderr: string } => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'bin/mapcheck.js'), 'run', ...names, '--runs', '100', '--workers', '1', '--json'],
      { cwd: place, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    return { code: status, stdout, stderr };
  };

  test.skipIf(spawnSync('go', ['version']).status !== 0)("Go's map and sync.Map hold", () => {
    const { code, stdout } = runs('go-built-in-map', 'go-sync-map');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds' });
    expect(code).toBe(0);
  });

  test.skipIf(spawnSync('python3', ['-c', 'match 1:\n case 1: pass']).status !== 0)(
    "Python's dict holds",
    () => {
      const { code, stdout } = runs('python-dict');
      expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds' });
      expect(code).toBe(0);
    },
  );
});
