/** What a configuration file may say. */
import { z } from 'zod';
import type { Target } from '../core/target.ts';

/** The settings of a project; every one of them may be left out, and a flag wins over each. */
export interface MapcheckConfig {
  /** Seed of campaigns: text, never a number, so that `007` stays `007`. */
  readonly seed?: string | undefined;
  /** Random programs for each target of `mapcheck run`; from 1 up. */
  readonly runs?: number | undefined;
  /** Go on for so long instead of `runs`: `30s`, `5m`, `2h`. */
  readonly time?: string | undefined;
  /** Worker threads; from 1 up. */
  readonly workers?: number | undefined;
  /** A program without progress for so long hangs, and fails: `10s`. */
  readonly hangTimeout?: string | undefined;
  /** Heap of a worker, in MB; from 16 up. */
  readonly workerMemory?: number | undefined;
  /** Stop after so many different failures; 0 is never. */
  readonly bail?: number | undefined;
  /** Targets to check when the command line names none: names of built-in ones, and what `defineTarget` returns. */
  readonly targets?: readonly (string | Target)[] | undefined;
  /** Folder of the project's traces. */
  readonly traces?: string | undefined;
  /** Reporters of `run`, `ci` and `explore`, as `--reporter` takes them: `junit=report.xml`. */
  readonly reporters?: readonly string[] | undefined;
  /** The gate's own campaign. */
  readonly ci?: CiConfig | undefined;
  /** What `mapcheck explore` does where no flag says otherwise. */
  readonly explore?: ExploreConfig | undefined;
}

/** The budget of `mapcheck ci`. */
export interface CiConfig {
  readonly seed?: string | undefined;
  /** Random programs for each target; from 1 up. */
  readonly runs?: number | undefined;
}

/** The search of `mapcheck explore`. */
export interface ExploreConfig {
  /** `exhaustive`, or a sampling strategy. */
  readonly strategy?: string | undefined;
  /** Bound on preemptions; from 0 up. */
  readonly preemptions?: number | undefined;
  /** Budget of executions, or of schedules; from 1 up. */
  readonly max?: number | undefined;
  /** Seed of a sampling strategy. */
  readonly seed?: string | undefined;
}

const seed = z
  .string({
    error: ({ input }) =>
      `expected a seed as text, found ${describe(input)}: put quotes around it, or it loses its form`,
  })
  .min(1, 'the seed is empty, expected any text');

const duration = z
  .string({ error: 'expected a duration as text, such as 30s, 5m or 2h' })
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, 'expected a duration such as 30s, 5m or 2h');

/** A whole number that JavaScript holds exactly. */
const count = (least: number): z.ZodInt =>
  z
    .int({ error: ({ input }) => `expected a whole number from ${least} up, found ${show(input)}` })
    .min(least, `expected a whole number from ${least} up`);

const path = z.string({ error: 'expected the name of a folder' }).min(1, 'the folder has no name');

const target = z.custom<string | Target>(
  (value) => typeof value === 'string' || isTarget(value),
  'expected the name of a built-in target, or what defineTarget returns',
);

/** Checks a configuration; unknown settings are refused. */
export const configSchema: z.ZodType<MapcheckConfig> = z.strictObject({
  seed: seed.optional(),
  runs: count(1).optional(),
  time: duration.optional(),
  workers: count(1).optional(),
  hangTimeout: duration.optional(),
  workerMemory: count(16).optional(),
  bail: count(0).optional(),
  targets: z.array(target).min(1, 'no target named; leave the setting out for all').optional(),
  traces: path.optional(),
  reporters: z.array(z.string().min(1, 'a reporter without a name')).optional(),
  ci: z.strictObject({ seed: seed.optional(), runs: count(1).optional() }).optional(),
  explore: z
    .strictObject({
      strategy: z.string().min(1, 'a strategy without a name').optional(),
      preemptions: count(0).optional(),
      max: count(1).optional(),
      seed: seed.optional(),
    })
    .optional(),
});

/** Names of all settings, by the object they stand in. */
export const SETTINGS: Readonly<Record<string, readonly string[]>> = {
  '': 'seed runs time workers hangTimeout workerMemory bail targets traces reporters ci explore'.split(
    ' ',
  ),
  ci: ['seed', 'runs'],
  explore: ['strategy', 'preemptions', 'max', 'seed'],
};

/** Gives a configuration its type: `export default defineConfig({ … })`. Returns it as it is. */
export function defineConfig(config: MapcheckConfig): MapcheckConfig {
  return config;
}

/** Whether a value is a target, of this copy of mapcheck or of another. */
function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false;
  const { name, execute } = value as { readonly name?: unknown; readonly execute?: unknown };
  return typeof name === 'string' && typeof execute === 'function';
}

function show(value: unknown): string {
  return typeof value === 'number' ? String(value) : describe(value);
}

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean'
    ? `the ${typeof value} ${value}`
    : `a value of type ${value === null ? 'null' : typeof value}`;
}
