import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test as plainTest } from 'vitest';
import { createSharedClock, HistoryRecorder, mergeRecordings } from '../history/index.ts';
import { checkProgram, ProgramFailure, test } from './index.ts';

const folder = mkdtempSync(join(tmpdir(), 'mapcheck-vitest-'));
const file = (name: string): string => join(folder, name);
const traces = file('traces');

function write(name: string, threads: string, check = ''): void {
  writeFileSync(
    file(name),
    `import { defineProgram } from 'mapcheck';
export default defineProgram({
  name: '${name}',
  setup: () => new Int32Array(new SharedArrayBuffer(8)),
  threads: [${threads}],
  check: (memory) => { ${check} },
});
`,
  );
}

const ADD = '(memory) => Atomics.add(memory, 0, 1)';
const HASTY = '(memory) => Atomics.store(memory, 0, Atomics.load(memory, 0) + 1)';
const BOTH = "if (memory[0] !== 2) throw new Error('an increment was lost');";

beforeAll(() => {
  write('adds.ts', `${ADD}, ${ADD}`, BOTH);
  write('hasty.ts', `${HASTY}, ${HASTY}`, BOTH);
  write('broken.ts', `${ADD}, ${ADD}`, '}');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('test.program', () => {
  test.program('takes a program file', file('adds.ts'));
  test.program.fails('passes while a known defect fails', file('hasty.ts'), { traces });
  test.program.skip('is not run', file('none.ts'));
});

describe('checkProgram', () => {
  plainTest('says what was explored', async () => {
    const { verdict, exploration } = await checkProgram(file('adds.ts'));
    expect(verdict).toBe('holds');
    expect(exploration.complete).toBe(2);
  });

  plainTest('a failure has its interleaving and the command that replays it', async () => {
    const failure = await failureOf(file('hasty.ts'));
    expect(failure.kind).toBe('assertion');
    expect(failure.isFound).toBe(true);
    expect(failure.message).toContain('an increment was lost');
    expect(failure.message).toMatch(/Atomics\.load\(memory, 0\).*hasty\.ts:5:\d+/);
    expect(failure.message).toContain(`npx mapcheck replay ${traces}`);
    expect(failure.stack).not.toContain('/src/core/');
  });

  plainTest('no answer is a failure, unless that is allowed', async () => {
    const failure = await failureOf(file('adds.ts'), { max: 1 });
    expect(failure.kind).toBe('inconclusive');
    expect(failure.message).toContain('allowInconclusive');
    const options = { max: 1, allowInconclusive: true };
    expect((await checkProgram(file('adds.ts'), options)).verdict).toBe('inconclusive');
  });

  plainTest('what cannot be explored says why and what to do', async () => {
    const missing = await failureOf(file('none.ts'));
    expect(missing.kind).toBe('not-explored');
    expect(missing.message).toContain('E-PROGRAM-002');
    const plain = await failureOf({ setup: () => new Int32Array(1), threads: [() => 2] });
    expect(plain.message).toContain('E-VITEST-001');
    expect(plain.message).toContain('steppedModules');
    expect((await failureOf({ setup: () => 1, threads: [] })).message).toContain('E-PROGRAM-001');
  });
});

async function failureOf(
  ...[program, options]: Parameters<typeof checkProgram>
): Promise<ProgramFailure> {
  const failure: unknown = await checkProgram(program, { traces, ...options }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(ProgramFailure);
  return failure as ProgramFailure;
}

describe('toHoldUnder', () => {
  plainTest('takes a strategy by name or with its options', async () => {
    await expect(file('adds.ts')).toHoldUnder();
    await expect(file('adds.ts')).toHoldUnder('pct', { max: 20 });
    await expect(file('hasty.ts')).not.toHoldUnder({ strategy: 'random', max: 50, traces });
    await expect(expect(file('hasty.ts')).toHoldUnder('exhaustive', { traces })).rejects.toThrow(
      'an increment was lost',
    );
    await expect(expect(file('adds.ts')).not.toHoldUnder()).rejects.toThrow(
      'holds in all 2 classes',
    );
  });

  plainTest('not does not pass for want of an answer', async () => {
    await expect(expect(file('adds.ts')).not.toHoldUnder({ max: 1 })).rejects.toThrow(
      'inconclusive',
    );
    await expect(expect(file('none.ts')).not.toHoldUnder()).rejects.toThrow('E-PROGRAM-002');
  });
});

describe('toBeLinearizable', () => {
  function recorded(seen: string): { writer: HistoryRecorder; reader: HistoryRecorder } {
    const clock = createSharedClock();
    const writer = new HistoryRecorder({ clock });
    const reader = new HistoryRecorder({ clock });
    const store = writer.call('store', { key: 'k', value: 'a' });
    writer.ret(store);
    const load = reader.call('load', { key: 'k' });
    reader.ret(load, { value: seen, ok: true });
    return { writer, reader };
  }

  plainTest('takes recorders, recordings and text', async () => {
    const { writer, reader } = recorded('a');
    await expect([writer, reader]).toBeLinearizable();
    await expect([writer.recording(), reader.recording()]).toBeLinearizable();
    const text = mergeRecordings([writer.recording(), reader.recording()], { name: 'x' });
    await expect(text).toBeLinearizable();
  });

  plainTest('begins with the entries it is given', async () => {
    const reader = new HistoryRecorder();
    reader.ret(reader.call('load', { key: 'k' }), { value: 'a', ok: true });
    await expect(reader).toBeLinearizable({ initial: { k: 'a' } });
    await expect(reader).not.toBeLinearizable();
  });

  plainTest('says which operations have no order', async () => {
    const { writer, reader } = recorded('b');
    await expect([writer, reader]).not.toBeLinearizable();
    await expect(expect([writer, reader]).toBeLinearizable()).rejects.toThrow(/load\("k"\)/);
  });

  plainTest('refuses what is no history', async () => {
    await expect(expect(7).toBeLinearizable()).rejects.toThrow('no history');
    await expect(expect('').toBeLinearizable()).rejects.toThrow('no history');
    await expect(expect(7).not.toBeLinearizable()).rejects.toThrow('no history');
  });
});

describe('toReplay', () => {
  plainTest('a saved failure replays until the program is mended', async () => {
    await failureOf(file('hasty.ts'));
    const [name] = readdirSync(join(traces, 'programs')).filter((entry) =>
      entry.startsWith('hasty'),
    );
    const trace = join(traces, 'programs', name!);
    await expect(trace).toReplay('fails');
    await expect(trace).not.toReplay();
    await expect(expect(trace).toReplay()).rejects.toThrow('was expected to hold');
    write('hasty.ts', `${ADD}, ${ADD}`, BOTH);
    await expect(trace).not.toReplay('fails');
  });

  plainTest('traces of targets come out as they say', async () => {
    const known = 'traces/known/sync-map';
    const [name] = readdirSync(known).filter((entry) => entry.endsWith('.json'));
    await expect(join(known, name!)).toReplay();
    await expect(join(known, name!)).not.toReplay('holds');
  });

  plainTest('a file that is no trace says so', async () => {
    await expect(expect(file('none.json')).toReplay()).rejects.toThrow(
      /cannot read the trace[^]*Check the path/,
    );
  });
});
