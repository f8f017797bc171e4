/** What a configuration file may say. */
import { z } from 'zod';
import type { Target } from '../core/target.ts';

/** The settings of a project; every one of them may be left out, and a flag wins over each. */
export interface MapcheckConfig {
  /** Seed of campaigns: text, never a number, so that `007` stays `007`. */
  readonly seed?: string | undefined;
  /** Random programs for each target of `mapcheck run`; from 1 up. */
  readonly runs?: number | undefined;
  /** Worker threads; from 1 up. */
  readonly workers?: number | undefined;
  /** Stop after so many different failures; 0 is never. */
  readonly bail?: number | undefined;
  /** Targets to check when the command line names none: names of built-in ones, and what `defineTarget` returns. */
  readonly targets?: readonly (string | Target)[] | undefined;
  /** Folder of the project's traces. */
  readonly traces?: string | undefined;
}

const seed = z.string({
  error: ({ input }) =>
    `expected a seed as text, found ${describe(input)}: put quotes around it, or it loses its form`,
});

const target = z.custom<string | Target>(
  (value) => typeof value === 'string' || isTarget(value),
  'expected the name of a built-in target, or what defineTarget returns',
);

/** Checks a configuration; unknown settings are refused. */
export const configSchema: z.ZodType<MapcheckConfig> = z.strictObject({
  seed: seed.min(1, 'the seed is empty, expected any text').optional(),
  runs: z.int().min(1).optional(),
  workers: z.int().min(1).optional(),
  bail: z.int().min(0).optional(),
  targets: z.array(target).min(1, 'no target named; leave the setting out for all').optional(),
  traces: z.string().min(1, 'the folder has no name').optional(),
});

/** Names of all settings. */
export const SETTINGS: readonly string[] = ['seed', 'runs', 'workers', 'bail', 'targets', 'traces'];

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

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean'
    ? `the ${typeof value} ${value}`
    : `a value of type ${value === null ? 'null' : typeof value}`;
}
