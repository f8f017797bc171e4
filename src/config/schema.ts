/** What a configuration file may say. */
import { z } from 'zod';

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
  /** Targets to check when the command line names none. */
  readonly targets?: readonly string[] | undefined;
  /** Folder of the project's traces. */
  readonly traces?: string | undefined;
}

const seed = z.string({
  error: ({ input }) =>
    `expected a seed as text, found ${describe(input)}: put quotes around it, or it loses its form`,
});

/** Checks a configuration; unknown settings are refused. */
export const configSchema: z.ZodType<MapcheckConfig> = z.strictObject({
  seed: seed.min(1, 'the seed is empty, expected any text').optional(),
  runs: z.int().min(1).optional(),
  workers: z.int().min(1).optional(),
  bail: z.int().min(0).optional(),
  targets: z.array(z.string()).min(1, 'no target named; leave the setting out for all').optional(),
  traces: z.string().min(1, 'the folder has no name').optional(),
});

/** Names of all settings. */
export const SETTINGS: readonly string[] = ['seed', 'runs', 'workers', 'bail', 'targets', 'traces'];

/** Gives a configuration its type: `export default defineConfig({ … })`. Returns it as it is. */
export function defineConfig(config: MapcheckConfig): MapcheckConfig {
  return config;
}

function describe(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean'
    ? `the ${typeof value} ${value}`
    : `a value of type ${value === null ? 'null' : typeof value}`;
}
