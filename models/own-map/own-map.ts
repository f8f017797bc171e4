/** A definition with every default filled in: what the rest of this folder works from. */
import type { OwnMapRules } from '../../properties/own-map/rules.ts';
import type { Json, Operation, Program } from '../../src/core/program.ts';
import type { Property } from '../../src/core/property.ts';
import type { ValueToken } from '../value-token.ts';
import type { CreateContext, IterationOrder, ModelName, OwnProperty } from './definition.ts';
import type { OperationTable } from './operations.ts';

/** The settings a map is made with. */
export type MapSetup = { readonly [key: string]: Json };

/** A user's map, ready to be run. */
export interface OwnMap {
  readonly name: string;
  readonly model: ModelName;
  readonly create: (context: CreateContext) => unknown;
  readonly operations: OperationTable;
  readonly rules: OwnMapRules;
  readonly setups: readonly MapSetup[];
  /** The most entries there may be; infinite but for caches. */
  readonly capacityOf: (setup: MapSetup) => number;
  readonly keyAt: (n: number) => unknown;
  readonly keys: readonly ValueToken[];
  readonly values: readonly ValueToken[];
  readonly objectAt: ((n: number) => object) | undefined;
  readonly identityOf: (key: unknown) => unknown;
  readonly order: IterationOrder;
  readonly hasLiveIterators: boolean;
  /** Whether the functions given to `forEach` and `range` may use the map. */
  readonly hasNestedOperations: boolean;
  /** Most entries that are looked up after an operation; of larger maps, a share that moves on. */
  readonly lookupsMax: number;
  readonly inspect: ((map: unknown) => unknown) | undefined;
  readonly ownProperties: readonly { readonly rule: Property; readonly check: OwnCheck }[];
  readonly coverage: readonly string[];
}

/** The check of a user's own rule. */
export type OwnCheck = OwnProperty<unknown>['check'];

/** How a run makes its map, and when it looks at all of it. */
export interface RunSetup {
  readonly map: MapSetup;
  /** `each`: after every operation; `end`: only when the program is over, so that looking changes nothing before. */
  readonly checks: 'each' | 'end';
}

/** The set-up of a program that passed the schema, with its type. */
export function setupOf(program: Program): RunSetup {
  return program.setup as unknown as RunSetup;
}

/** Integers `from`, `from + stride`, …, `count` of them, which `keyAt` makes keys of. */
export interface KeyRun {
  readonly from: number;
  readonly count: number;
  readonly stride: number;
}

/** The key run of a `fill` or a `drain`. */
export function keyRunOf(operation: Operation): KeyRun {
  return operation as unknown as KeyRun;
}
