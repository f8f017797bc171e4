/**
 * Every setting of a project, and where its value comes from: flag, then environment, then file, then default.
 *
 * One list, so that commands, `mapcheck config` and the documents cannot disagree.
 */
import { UsageError } from '../core/errors.ts';
import type { MapcheckConfig } from './schema.ts';

/** Where a value came from. A source further left wins. */
export type SettingSource = 'flag' | 'environment' | 'file' | 'default';

export interface Setting {
  /** Where it stands in the file: `runs`, `ci.runs`. */
  readonly path: string;
  /** The option that wins over it. */
  readonly flag: string;
  /** The variable that mirrors the flag, and wins over the file: `MAPCHECK_RUNS` for `--runs`. */
  readonly variable: string;
  readonly kind: SettingKind;
  /** The commands that heed it. */
  readonly commands: readonly string[];
  /** The value where nothing says otherwise, as text for people. */
  readonly fallback: string;
  /** May be given several times; a variable separates them by commas. */
  readonly isList?: boolean;
}

/** What a value must look like: any text, a duration, or a whole number from a least one up. */
export type SettingKind = 'text' | 'duration' | `from ${number}`;

/** All settings, in the order in which they are shown. `targets` is a list of arguments, and has no flag. */
export const ALL_SETTINGS: readonly Setting[] = [
  setting('seed', '--seed', 'text', ['run'], '1'),
  setting('runs', '--runs', 'from 1', ['run'], '1000'),
  setting('time', '--time', 'duration', ['run'], 'no limit'),
  setting('bail', '--bail', 'from 0', ['run'], '0 (never)'),
  setting('workers', '--workers', 'from 1', ['run', 'ci', 'worker'], 'one for each core'),
  setting('hangTimeout', '--hang-timeout', 'duration', ['run', 'worker', 'replay'], '10s'),
  setting('workerMemory', '--worker-memory', 'from 16', ['run', 'worker'], '1024 (MB)'),
  setting('traces', '--traces', 'text', ['run', 'ci', 'explore', 'merge'], 'traces'),
  {
    ...setting('reporters', '--reporter', 'text', ['run', 'ci', 'explore', 'merge'], 'default'),
    isList: true,
  },
  setting('ci.seed', '--seed', 'text', ['ci'], '1'),
  setting('ci.runs', '--runs', 'from 1', ['ci'], '200'),
  setting('explore.strategy', '--strategy', 'text', ['explore'], 'exhaustive'),
  setting('explore.preemptions', '--preemptions', 'from 0', ['explore'], 'no bound'),
  setting('explore.max', '--max', 'from 1', ['explore'], 'no limit'),
  setting('explore.seed', '--seed', 'text', ['explore'], '1'),
];

/** Two that exclude each other: the one from the better source counts. */
const RIVALS: readonly (readonly [string, string])[] = [['runs', 'time']];

/** A value as text, with the place it came from: `--runs`, `MAPCHECK_RUNS`, `mapcheck.config.ts: runs`. */
export interface SettledValue {
  readonly setting: Setting;
  readonly source: SettingSource;
  readonly place: string;
  /** One text for each time it was given; empty for a default. */
  readonly texts: readonly string[];
}

/** Where values are looked for. */
export interface SettingSources {
  /** The texts that a flag was given, or nothing. */
  readonly flag: (flag: string) => readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly config: MapcheckConfig;
  /** The configuration's file, for messages. */
  readonly file: string;
}

/**
 * Settles the settings that one command heeds.
 *
 * @throws UsageError E-CONFIG-005 where one source gives two that exclude each other.
 */
export function settle(command: string, sources: SettingSources): SettledValue[] {
  const values = ALL_SETTINGS.filter(({ commands }) => commands.includes(command)).map((setting) =>
    settleOne(setting, sources),
  );
  return values.map((value) => {
    const rival = rivalOf(value, values);
    if (rival === undefined || rankOf(rival) > rankOf(value)) return value;
    if (rankOf(rival) < rankOf(value)) return defaultOf(value.setting);
    throw new UsageError(`${value.place} and ${rival.place} exclude each other`, {
      code: 'E-CONFIG-005',
      place: value.place,
      todo: 'Take one of them away.',
    });
  });
}

/** The other of two that exclude each other, where both were given. */
function rivalOf(value: SettledValue, values: readonly SettledValue[]): SettledValue | undefined {
  if (value.source === 'default') return undefined;
  const { path } = value.setting;
  const pair = RIVALS.find((names) => names.includes(path));
  return values.find(
    (other) =>
      other.source !== 'default' &&
      other.setting.path !== path &&
      pair?.includes(other.setting.path) === true,
  );
}

const RANKS: readonly SettingSource[] = ['flag', 'environment', 'file', 'default'];

function rankOf({ source }: SettledValue): number {
  return RANKS.indexOf(source);
}

function settleOne(setting: Setting, sources: SettingSources): SettledValue {
  const given = sources.flag(setting.flag);
  if (given !== undefined) {
    return { setting, source: 'flag', place: setting.flag, texts: given };
  }
  const variable = sources.environment[setting.variable];
  if (variable !== undefined && variable !== '') {
    const texts = setting.isList === true ? variable.split(',') : [variable];
    return { setting, source: 'environment', place: setting.variable, texts };
  }
  const value = valueAt(sources.config, setting.path);
  if (value === undefined) return defaultOf(setting);
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  return { setting, source: 'file', place: `${sources.file}: ${setting.path}`, texts };
}

function defaultOf(setting: Setting): SettledValue {
  return { setting, source: 'default', place: 'default', texts: [] };
}

function valueAt(
  config: MapcheckConfig,
  path: string,
): string | number | readonly string[] | undefined {
  let value: unknown = config;
  for (const name of path.split('.')) {
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  }
  return value as string | number | readonly string[] | undefined;
}

function setting(
  path: string,
  flag: string,
  kind: SettingKind,
  commands: readonly string[],
  fallback: string,
): Setting {
  const variable = `MAPCHECK_${flag.slice(2).replaceAll('-', '_').toUpperCase()}`;
  return { path, flag, variable, kind, commands, fallback };
}
