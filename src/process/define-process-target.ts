/** Makes a target of a map in another language. */
import {
  ODD_KEYS,
  resolveOwnMap,
  runOwnMap,
  targetOf,
} from '../../models/own-map/define-target.ts';
import type { ModelName, TargetDefinition } from '../../models/own-map/definition.ts';
import { Stop } from '../../models/own-map/check/fault.ts';
import type { OperationFunction } from '../../models/own-map/operations.ts';
import type { OwnMap } from '../../models/own-map/own-map.ts';
import { standInFor } from '../../models/own-map/stand-in.ts';
import { MODELS } from '../../models/own-map/vocabulary.ts';
import { RunValues } from '../../models/own-map/values.ts';
import { encodeToken } from '../../models/value-token.ts';
import { suggest } from '../core/did-you-mean.ts';
import { InternalError, UsageError } from '../core/errors.ts';
import type { Json, Program } from '../core/program.ts';
import type { Property } from '../core/property.ts';
import type { ExecuteOptions, Outcome, Target } from '../core/target.ts';
import { printable } from './protocol.ts';
import { ChildPort, type Call, type ChildFault, type Exchange } from './child-port.ts';

/** What a user says about a map in a child process. */
export interface ProcessTargetDefinition extends Pick<
  TargetDefinition<unknown>,
  'name' | 'title' | 'setups' | 'capacity' | 'keyAt' | 'keys' | 'values' | 'keyIdentity' | 'order'
> {
  readonly model: Exclude<ModelName, 'persistent-map'>;
  /** The program and its arguments; nothing passes through a shell. */
  readonly command: readonly [string, ...string[]];
  /** Folder to run it in. Default: the working folder. */
  readonly cwd?: string;
  /** Environment variables, besides those of mapcheck. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The operations that the child has. Default: all of the model that the protocol has, but for `peek`. */
  readonly operations?: readonly string[];
  /** Longest wait for one answer, in milliseconds. Default: 2,000. */
  readonly timeoutMs?: number;
  /** Longest wait for the first answer, in milliseconds; a compiler may have to run first. Default: 60,000. */
  readonly startTimeoutMs?: number;
}

/** Many a JSON reader replaces it by another character. */
const LONE_SURROGATE = '\uD800';

/** Every setting of a definition. */
const SETTINGS: readonly (keyof ProcessTargetDefinition)[] = [
  'name',
  'title',
  'model',
  'command',
  'cwd',
  'environment',
  'operations',
  'timeoutMs',
  'startTimeoutMs',
  'setups',
  'capacity',
  'keyAt',
  'keys',
  'values',
  'keyIdentity',
  'order',
];

/** Operations that cannot be asked of another process, or need not be. */
const NOT_BY_DEFAULT: readonly string[] = ['forEach', 'peek'];

/**
 * Makes a target of a map in another language, which a child process drives over its standard input and output.
 *
 * The protocol is `docs/process-targets.md`. Cost: nothing is started until the first program is run; each thread that
 * runs programs has a child of its own.
 *
 * @throws UsageError E-TARGET-001 to 005 as `defineTarget`, and 007 for a command that is none.
 *
 * @example
 * defineProcessTarget({ name: 'go-native-map', model: 'unordered-map', command: ['go', 'run', 'map.go'] });
 */
export function defineProcessTarget(definition: ProcessTargetDefinition): Target {
  const { command, cwd, environment, timeoutMs, startTimeoutMs, operations, ...rest } = definition;
  assertSettings(definition);
  assertCommand(definition.name, command);
  const own = ownMapOf(rest, operations);
  const rule: Property = {
    name: `${own.name}.process`,
    statement: 'The child process answers every request in time, and as the protocol says.',
    source: 'docs/process-targets.md',
  };
  const child = new ChildPort(
    {
      command,
      cwd,
      environment,
      timeoutMs: timeoutMs ?? 2_000,
      startTimeoutMs: startTimeoutMs ?? 60_000,
    },
    Object.keys(own.operations),
  );
  const target = targetOf(own, definition.title);
  return {
    ...target,
    properties: [...target.properties, rule],
    prepare: () => child.prepare(),
    execute: (program, options = {}) => execute({ own, child, rule }, program, options),
  };
}

interface ProcessMap {
  readonly own: OwnMap;
  readonly child: ChildPort;
  readonly rule: Property;
}

/**
 * Runs a program in two passes: the first on a stand-in made of the model, to learn every call; then all of them go to the
 * child at once, and the second pass judges what it answered.
 */
function execute(
  { own, child, rule }: ProcessMap,
  program: Program,
  options: ExecuteOptions,
): Outcome {
  const calls: Call[] = [];
  runOwnMap(recording(own, calls), program, {});
  const exchange = child.exchange([...calls, { op: 'sync' }]);
  return runOwnMap(playback(own, calls, exchange, rule), program, options);
}

/** The map whose every call is done by the stand-in, and noted. */
function recording(own: OwnMap, calls: Call[]): OwnMap {
  const standIn = standInFor(own);
  const operations: Record<string, OperationFunction> = {};
  for (const name of Object.keys(own.operations)) {
    operations[name] = (map, ...args) => {
      const hasNone = args.length === 0 || name === 'range';
      calls.push(hasNone ? { op: name } : { op: name, args: args.map((arg) => encodeToken(arg)) });
      return standIn.operations[name]!(map, ...args);
    };
  }
  return {
    ...own,
    operations,
    create: (context) => {
      calls.push({ op: 'new', setup: context.setup, seed: context.draw() });
      return standIn.create(context);
    },
  };
}

/** The map whose every call gives the next answer of the child. */
function playback(own: OwnMap, calls: readonly Call[], exchange: Exchange, rule: Property): OwnMap {
  const decoder = new RunValues(objectAt);
  let next = 0;
  const answerTo = (op: string): Json => {
    const index = next++;
    if (calls[index]?.op !== op) {
      throw new InternalError(`call ${index} is ${op}, but was ${calls[index]?.op} on the model`, {
        code: 'E-TARGET-009',
        todo: 'Report this with the trace.',
      });
    }
    const answer = exchange.answers[index];
    if (answer === undefined) throw new Stop(faultOf(rule, exchange));
    if (answer.kind === 'error') throw new ChildError(answer.error);
    return answer.result;
  };
  const operations: Record<string, OperationFunction> = {};
  for (const name of Object.keys(own.operations)) {
    operations[name] = (_map, ...args) => decodeResult(name, answerTo(name), decoder, args);
  }
  return {
    ...own,
    operations,
    create: () => answerTo('new'),
    // The child is gone or elsewhere by the time of a message.
    inspect: () => exchange.stderr.map((line) => `stderr: ${printable(line)}`),
  };
}

const objects: object[] = [];

/** The objects that stand for numbered ones, the same in every run: what comes back must be what was sent. */
function objectAt(n: number): object {
  return (objects[n] ??= Object.freeze({ object: n }));
}

/** An error that the map in the child raised. */
class ChildError extends Error {
  override readonly name: string = 'the child says';
}

function decodeResult(
  name: string,
  result: Json,
  decoder: RunValues,
  args: readonly unknown[],
): unknown {
  switch (name) {
    case 'entries':
      return (result as readonly (readonly [Json, Json])[]).map((pair) =>
        pair.map((token) => decoder.decode(token)),
      );
    case 'keys':
    case 'values':
      return (result as readonly Json[]).map((token) => decoder.decode(token));
    case 'range':
      return reportAll(result as readonly (readonly [Json, Json])[], decoder, args[0]);
    case 'delete':
      return result ?? undefined;
    case 'load':
    case 'loadOrStore':
    case 'loadAndDelete':
    case 'swap':
      return Object.fromEntries(
        Object.entries(result as Record<string, Json>).map(([member, token]) => [
          member,
          decoder.decode(token),
        ]),
      );
    default:
      return decoder.decode(result);
  }
}

function reportAll(
  pairs: readonly (readonly [Json, Json])[],
  decoder: RunValues,
  visit: unknown,
): void {
  const report = visit as (key: unknown, value: unknown) => boolean;
  for (const [key, value] of pairs) {
    if (!report(decoder.decode(key), decoder.decode(value))) return;
  }
}

function faultOf(rule: Property, exchange: Exchange): Stop['fault'] {
  const fault = exchange.fault ?? { kind: 'unfit', detail: 'it gave too few answers' };
  return {
    rule,
    message: messageOf(fault),
    expected: fault.kind === 'nonsense' ? fault.expected : 'an answer',
    actual: fault.kind === 'nonsense' ? fault.line : fault.detail,
  };
}

function messageOf(fault: ChildFault): string {
  switch (fault.kind) {
    case 'unstartable':
      return 'The child process cannot be started.';
    case 'died':
      return 'The child process ended before it had answered.';
    case 'hung':
      return 'The child process does not answer.';
    case 'flooded':
      return 'The child process writes a line without an end.';
    case 'nonsense':
      return 'The child process answers with a line that is no answer.';
    case 'unfit':
      return 'The child process is not one that can be asked.';
  }
}

function assertSettings(definition: ProcessTargetDefinition): void {
  for (const setting of Object.keys(definition)) {
    if ((SETTINGS as readonly string[]).includes(setting)) continue;
    throw new UsageError(`unknown setting ${JSON.stringify(setting)}`, {
      code: 'E-TARGET-001',
      place: `defineProcessTarget: ${definition.name}: ${setting}`,
      todo: suggest(setting, SETTINGS),
    });
  }
}

function assertCommand(name: string, command: unknown): void {
  const isCommand =
    Array.isArray(command) &&
    command.length > 0 &&
    command.every((part) => typeof part === 'string') &&
    command[0] !== '';
  if (isCommand) return;
  throw new UsageError('the command is no list of a program and its arguments', {
    code: 'E-TARGET-007',
    place: `defineProcessTarget: ${name}: command`,
    todo: "Write command: ['go', 'run', 'map.go'].",
  });
}

/** The map as `defineTarget` would see it, if it were here. */
function ownMapOf(
  definition: Omit<ProcessTargetDefinition, 'command' | 'operations'>,
  operations: readonly string[] | undefined,
): OwnMap {
  const { model, name } = definition;
  if ((model as ModelName) === 'persistent-map') {
    throw new UsageError('a persistent map cannot be asked of another process', {
      code: 'E-TARGET-002',
      place: `defineProcessTarget: ${name}: model`,
      todo: 'Take map or unordered-map, and have the child keep the newest version.',
    });
  }
  const known = MODELS[model]?.operations ?? [];
  const names = operations ?? known.filter((operation) => !NOT_BY_DEFAULT.includes(operation));
  const placeholder = (): undefined => undefined;
  return resolveOwnMap(
    {
      ...definition,
      create: () => null,
      hasLiveIterators: false,
      keys: definition.keys ?? ODD_KEYS.filter((key) => key !== LONE_SURROGATE),
      operations: Object.fromEntries(names.map((operation) => [operation, placeholder])),
    },
    { isInProcess: false, lookupsMax: 4, objectAt },
  );
}
