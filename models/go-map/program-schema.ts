/** The shape of programs for the classic map, and the operations as types. */
import { z } from 'zod';
import type { ZodType } from 'zod';
import type { Program } from '../../src/core/program.ts';
import { valueTokenSchema } from '../value-token.ts';
import { HASH_KINDS } from './hashes.ts';

/** Most loops that can be open by number at once. */
export const LOOP_COUNT_MAX = 16;

/** What can be tried in the middle of a write. */
export const INTRUSIONS = ['get', 'has', 'set', 'delete', 'clear', 'next', 'clone'] as const;
/** One of them. */
export type Intrusion = (typeof INTRUSIONS)[number];

/** How a whole loop is run. */
export const LOOP_METHODS = ['entries', 'keys', 'values', 'forEach'] as const;

const key = valueTokenSchema.describe('A key.');
const value = valueTokenSchema.describe('A value.');
const it = z
  .int()
  .min(0)
  .max(LOOP_COUNT_MAX - 1)
  .describe('Number of a loop.');

const operation = z
  .discriminatedUnion('op', [
    z.strictObject({ op: z.literal('set'), key, value }),
    z.strictObject({ op: z.literal('get'), key }),
    z.strictObject({ op: z.literal('has'), key }),
    z.strictObject({ op: z.literal('delete'), key }),
    z.strictObject({ op: z.literal('clear') }),
    z.strictObject({ op: z.literal('size') }),
    z.strictObject({ op: z.literal('iterate'), it }).describe('Begins a loop and takes a step.'),
    z.strictObject({ op: z.literal('next'), it }).describe('One more step of a loop.'),
    z.strictObject({ op: z.literal('drain'), it }).describe('Steps of a loop to its end.'),
    z
      .strictObject({ op: z.literal('range'), via: z.enum(LOOP_METHODS) })
      .describe('A whole loop with nothing in between.'),
    z.strictObject({ op: z.literal('clone') }).describe('Clones the map and sets the clone aside.'),
    z.strictObject({ op: z.literal('swap') }).describe('Goes on with the map set aside.'),
    z
      .strictObject({ op: z.literal('intrude'), action: z.enum(INTRUSIONS), key, it })
      .describe('The next write will be interrupted by this operation, which must be refused.'),
  ])
  .describe('One operation.');

/** The set-up of a program. */
export interface GoMapSetup {
  /** Which keys are equal. */
  readonly keys: 'javascript' | 'float64';
  readonly hash: (typeof HASH_KINDS)[number];
  /** Expected number of entries, as a token: it may be `NaN` or infinite. */
  readonly hint: z.infer<typeof valueTokenSchema>;
  /** Overflow buckets that come with an array: as in Go, none, or many from B = 1 on. */
  readonly pool: 'go' | 'none' | 'early';
  /**
   * Whether evacuation wipes: as the storage asks for, always (Go: buckets with pointers), never.
   */
  readonly wipe: 'auto' | 'always' | 'never';
  readonly nil: boolean;
}

const setup = z
  .strictObject({
    keys: z.enum(['javascript', 'float64']).describe('Which keys are equal.'),
    hash: z.enum(HASH_KINDS as [string, ...string[]]).describe('The hash function.'),
    hint: z
      .union([
        z.number(),
        z.strictObject({ float: z.enum(['NaN', '-0', 'Infinity', '-Infinity']) }),
      ])
      .describe('How many entries the map is made for.'),
    pool: z.enum(['go', 'none', 'early']).describe('Overflow buckets allocated in advance.'),
    wipe: z.enum(['auto', 'always', 'never']).describe('Whether evacuated buckets are wiped.'),
    nil: z.boolean().describe('Whether the map is nil.'),
  })
  .describe('How the map is made.');

/** Accepts exactly the programs that a target of the classic map can run. */
export const goMapProgramSchema: ZodType<Program> = z.strictObject({
  setup,
  draws: z.array(z.int().min(0).max(0xffff_ffff)),
  threads: z.tuple([z.array(operation)], { error: 'expected one thread: this map is sequential' }),
});
