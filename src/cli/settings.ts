/** Fills in what the command line leaves out, from the environment and the configuration, before a command runs. */
import type { Command, Option } from 'commander';
import { findConfig, loadConfig } from '../config/load.ts';
import { settle, type SettledValue } from '../config/settings.ts';
import { parseCount, parseDurationMs, parseSeed } from './options.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a campaign keeps from its beginning to its end: its journal knows, whatever the file says by now. */
const OF_A_CAMPAIGN: readonly string[] = ['seed', 'runs', 'time'];

/**
 * Gives each option that was not on the command line its value, checked; a default of the command's own stays.
 *
 * Commands without `--config` have no settings.
 *
 * @throws UsageError as `loadConfig` and `settle`, and for a value of the wrong form, with the variable it stands in.
 */
export async function applySettings(command: Command, environment: Environment): Promise<void> {
  if (!command.options.some(({ long }) => long === '--config')) return;
  useNamedConfig(command, environment);
  const isResumed = command.getOptionValue('resume') !== undefined;
  for (const value of await settledFor(command, command.name(), environment)) {
    if (value.source !== 'environment' && value.source !== 'file') continue;
    const option = optionOf(command, value.setting.flag);
    if (option === undefined || (isResumed && OF_A_CAMPAIGN.includes(value.setting.path))) continue;
    const texts = [...value.texts];
    command.setOptionValueWithSource(
      option.attributeName(),
      value.setting.isList === true ? texts : texts[0],
      value.source === 'environment' ? 'env' : 'config',
    );
  }
}

/** `MAPCHECK_CONFIG` names the configuration as `--config` does. */
export function useNamedConfig(command: Command, environment: Environment): void {
  const named = environment['MAPCHECK_CONFIG'];
  if (named === undefined || named === '' || command.getOptionValue('config') !== undefined) return;
  command.setOptionValueWithSource('config', named, 'env');
}

/** The settings of a command with their sources; `command` is where the flags were given. */
export async function settledFor(
  command: Command,
  name: string,
  environment: Environment,
): Promise<SettledValue[]> {
  const named = command.getOptionValue('config') as string | undefined;
  const values = settle(name, {
    flag: (flag) => givenTo(command, flag),
    environment,
    config: await loadConfig(named, process.cwd()),
    file: findConfig(named, process.cwd()) ?? '',
  });
  for (const { place, texts, setting } of values) {
    for (const text of texts) {
      if (setting.kind === 'duration') parseDurationMs(place, text);
      else if (setting.kind !== 'text') parseCount(place, text, Number(setting.kind.slice(5)));
      else if (setting.flag === '--seed') parseSeed(place, text);
    }
  }
  return values;
}

/** What stood on the command line, or nothing. */
function givenTo(command: Command, flag: string): readonly string[] | undefined {
  const option = optionOf(command, flag);
  if (option === undefined) return undefined;
  const name = option.attributeName();
  if (command.getOptionValueSource(name) !== 'cli') return undefined;
  const value: unknown = command.getOptionValue(name);
  return Array.isArray(value) ? (value as string[]) : [value as string];
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long }) => long === flag);
}
