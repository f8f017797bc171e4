/** Which operations each model knows, and which it cannot do without. */
import { OPERATION_NAMES } from '../sync-map/rules.ts';
import type { ModelName } from './definition.ts';

const MAP_OPERATIONS = [
  'get',
  'set',
  'has',
  'delete',
  'clear',
  'size',
  'entries',
  'keys',
  'values',
  'forEach',
] as const;

const CACHE_OPERATIONS: readonly OperationName[] = [...MAP_OPERATIONS, 'peek'];

/** Name of any operation. */
export type OperationName =
  | (typeof MAP_OPERATIONS)[number]
  | 'peek'
  | (typeof OPERATION_NAMES)[number];

/** What there is to know about a model before a map is seen. */
export interface ModelRules {
  readonly operations: readonly OperationName[];
  /** Of each group, the map must have one at least. */
  readonly required: readonly (readonly OperationName[])[];
  readonly summary: string;
}

const WRITE_AND_READ: ModelRules['required'] = [['set'], ['get', 'has', 'entries']];

/** The models by name. */
export const MODELS: Readonly<Record<ModelName, ModelRules>> = {
  map: {
    operations: MAP_OPERATIONS,
    required: WRITE_AND_READ,
    summary: 'a Map with its entries in insertion order',
  },
  'unordered-map': {
    operations: MAP_OPERATIONS,
    required: WRITE_AND_READ,
    summary: 'a map with its entries in any order',
  },
  'persistent-map': {
    operations: MAP_OPERATIONS,
    required: WRITE_AND_READ,
    summary: 'a map that never changes: writes return another one',
  },
  cache: {
    operations: CACHE_OPERATIONS,
    required: WRITE_AND_READ,
    summary: 'a cache that may forget entries at any time',
  },
  'lru-cache': {
    operations: CACHE_OPERATIONS,
    required: WRITE_AND_READ,
    summary: 'a cache that forgets the least recently used entry when it is full',
  },
  'sync-map': {
    operations: OPERATION_NAMES,
    required: [['store', 'loadOrStore', 'swap'], ['load']],
    summary: "Go's sync.Map",
  },
};

/** Names of all models. */
export const MODEL_NAMES: readonly string[] = Object.keys(MODELS);
