/** Command lines of the benchmarks: options with their help, and exit codes. */
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXIT_INTERNAL, EXIT_USAGE } from '../../src/cli/exit-code.ts';
import { suggest } from '../../src/core/did-you-mean.ts';
import { formatError, ModelError, UsageError } from '../../src/core/errors.ts';

/** An option: a flag, or one with a value. */
export type OptionSpec =
  | { readonly kind: 'flag'; readonly help: string }
  | { readonly kind: 'text'; readonly help: string; readonly default: string };

/** The values of options by name: `true` or `false` for flags, text for the others. */
export type OptionValues<Specs extends Readonly<Record<string, OptionSpec>>> = {
  readonly [Name in keyof Specs]: Specs[Name]['kind'] extends 'flag' ? boolean : string;
};

/** Where a benchmark writes. */
export interface Output {
  /** The report. */
  out(text: string): void;
  /** Progress and errors. */
  err(text: string): void;
}

/** Reads a command line. @throws UsageError for anything that is not an option, with a suggestion. */
export function parseOptions<const Specs extends Readonly<Record<string, OptionSpec>>>(
  args: readonly string[],
  specs: Specs,
): OptionValues<Specs> {
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { kind }]) => [
      name,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    values[name] = spec.kind === 'flag' ? false : spec.default;
  }
  try {
    Object.assign(values, parseArgs({ args: [...args], options, allowPositionals: false }).values);
  } catch (error) {
    const unknown = /'(--?[^' =]+)/.exec((error as Error).message)?.[1] ?? '';
    throw new UsageError((error as Error).message, {
      code: 'E-BENCH-005',
      place: unknown === '' ? 'arguments' : unknown,
      todo: suggest(
        unknown,
        Object.keys(specs).map((name) => `--${name}`),
      ),
    });
  }
  return values as OptionValues<Specs>;
}

/** A list of sizes: `1e3,50000`. Whole numbers from 1 to 5 × 10^7. */
export function parseSizes(option: string, text: string): number[] {
  return text.split(',').map((part) => {
    const size = Number(part);
    if (part.trim() !== '' && Number.isInteger(size) && size >= 1 && size <= 5e7) return size;
    throw new UsageError(`found ${JSON.stringify(part)}, expected sizes such as 1e3,1e5`, {
      code: 'E-BENCH-006',
      place: option,
    });
  });
}

/** A list of names, each one of the known. */
export function parseNames<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): Name[] {
  return text.split(',').map((part) => {
    if ((known as readonly string[]).includes(part)) return part as Name;
    throw new UsageError(`unknown name ${JSON.stringify(part)}`, {
      code: 'E-BENCH-006',
      place: option,
      todo: suggest(part, known),
    });
  });
}

/** What a benchmark is to its command line. */
export interface Benchmark {
  /** File name without ending, as in `node dist/bench/maps.js`. */
  readonly name: string;
  readonly title: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Measures. Prints progress itself, and returns what is to be printed at the end. @throws UsageError */
  run(args: readonly string[], output: Output): Promise<Report>;
}

/** What a benchmark found. */
export interface Report {
  /** Tables and what to know about them. */
  readonly markdown: string;
  /** The aims it bears on, if it measured what they are about. */
  readonly aims: readonly Aim[];
}

/** A ratio that the project set out to reach. */
export interface Aim {
  /** What is measured, as in `get, hit, 10⁵ integer keys with number values`. */
  readonly what: string;
  /** At least this many times as good as the native map. */
  readonly aim: number;
  readonly measured: number;
}

function helpOf({ name, title, options }: Benchmark): string {
  const lines = Object.entries(options).map(([option, spec]) => {
    const usage = `--${option}${spec.kind === 'flag' ? '' : ' TEXT'}`;
    const fallback = spec.kind === 'flag' || spec.default === '' ? '' : ` (${spec.default})`;
    return `  ${usage.padEnd(22)}${spec.help}${fallback}\n`;
  });
  return `node dist/bench/${name}.js [options]\n\n${title}\n\n${lines.join('')}`;
}

/** Runs a benchmark and returns the exit code. Never throws. */
export async function runBenchmark(
  benchmark: Benchmark,
  args: readonly string[],
  output: Output,
): Promise<number> {
  if (args.includes('--help') || args.includes('-h')) {
    output.out(helpOf(benchmark));
    return 0;
  }
  try {
    output.out((await benchmark.run(args, output)).markdown);
    return 0;
  } catch (error) {
    output.err(`${formatError(error)}\n`);
    if (error instanceof UsageError || error instanceof ModelError) return EXIT_USAGE;
    output.err(`${(error as Error).stack ?? ''}\n`);
    return EXIT_INTERNAL;
  }
}

/** Whether a module is the script that node was started with. */
export function isMain(moduleUrl: string): boolean {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === fileURLToPath(moduleUrl);
}

/** Runs a benchmark as the script it is, if it is. */
export async function runIfMain(moduleUrl: string, benchmark: Benchmark): Promise<void> {
  if (!isMain(moduleUrl)) return;
  process.exitCode = await runBenchmark(benchmark, process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
}
