import { expect, test } from 'vitest';
import { allBenchmark, SECTIONS } from '../all.ts';
import { UsageError } from '../../src/core/errors.ts';
import type { Benchmark } from './command-line.ts';
import { parseOptions, parseSizes, runBenchmark } from './command-line.ts';

async function runOn(
  benchmark: Benchmark,
  ...args: string[]
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runBenchmark(benchmark, args, {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

const BENCHMARKS = [allBenchmark, ...SECTIONS.map(({ benchmark }) => benchmark)];

test.each(BENCHMARKS.map((benchmark) => [benchmark.name, benchmark] as const))(
  '%s declines unknown options and explains itself',
  async (_, benchmark) => {
    const wrong = await runOn(benchmark, '--quikc');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('--quikc');
    expect(wrong.err).not.toContain('    at ');
    const help = await runOn(benchmark, '--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain(`node dist/bench/${benchmark.name}.js`);
  },
);

test.each([
  ['maps', ['--sizes', '1e3,many'], 'found "many"'],
  ['maps', ['--sizes', '0'], 'found "0"'],
  ['maps', ['--engines', 'go-mop'], 'Did you mean go-map?'],
  ['maps', ['--engines', 'native=somewhere'], 'unknown engine'],
  ['maps', ['--keys', 'bigint'], 'Known: int, string.'],
  ['maps', ['--operations', 'forof'], 'Did you mean forOf?'],
  ['maps', ['--rounds', '-1'], '--rounds'],
  ['memory', ['--values', 'objects'], 'Did you mean object?'],
  ['pauses', ['--runs', '0'], '--runs'],
  ['capacity', ['--size', '1e9'], 'found "1e9"'],
  ['campaign', ['--targets', 'go-mop'], 'Did you mean go-map?'],
  ['write-load', ['--keys', 'x'], '--keys'],
] as const)('%s %j exits with 2', async (name, args, message) => {
  const benchmark = BENCHMARKS.find((candidate) => candidate.name === name)!;
  const { code, err } = await runOn(benchmark, ...args);
  expect(err).toContain(message);
  expect(code).toBe(2);
});

test('options have their defaults, and values where given', () => {
  const specs = {
    size: { kind: 'text', default: '1e3', help: '' },
    quick: { kind: 'flag', help: '' },
  } as const;
  expect(parseOptions([], specs)).toEqual({ size: '1e3', quick: false });
  expect(parseOptions(['--quick', '--size=7'], specs)).toEqual({ size: '7', quick: true });
  expect(() => parseOptions(['--siez', '7'], specs)).toThrow(UsageError);
  expect(parseSizes('--sizes', '1e3,25')).toEqual([1000, 25]);
});
