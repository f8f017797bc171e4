/** `mapcheck config`: every setting, its value, and where it came from. */
import type { Command } from 'commander';
import { findConfig, loadConfig } from '../../config/load.ts';
import { ALL_SETTINGS, type SettledValue } from '../../config/settings.ts';
import { formatTable } from '../../report/table.ts';
import { reporterOption } from '../reporters.ts';
import { settledFor, useNamedConfig } from '../settings.ts';
import { printJson, printLines, type Terminal } from '../terminal.ts';

/** A setting as it is shown. */
interface SettingRow {
  readonly setting: string;
  readonly value: string;
  readonly source: string;
  readonly place: string;
}

/** Adds the command to the program. */
export function addConfigCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  const command = program
    .command('config')
    .summary('every setting, and where its value comes from')
    .description(
      'Shows the settings that commands would work with. A flag wins over the environment, that over the configuration file, that over the default. Flags of `run`, `ci` and `explore` may be given, to see what they do.',
    )
    .option('--show', 'what the command does anyway')
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option('--json', 'one JSON object on stdout, nothing else');
  for (const flag of new Set(ALL_SETTINGS.map((setting) => setting.flag))) {
    const what = 'as the commands that have it take it';
    if (flag === '--reporter') command.addOption(reporterOption());
    else command.option(`${flag} <value>`, what);
  }
  command.action(async () => {
    useNamedConfig(command, terminal.environment);
    const named = command.getOptionValue('config') as string | undefined;
    const file = findConfig(named, process.cwd());
    const { targets } = await loadConfig(named, process.cwd());
    const names = targets?.map((target) => (typeof target === 'string' ? target : target.name));
    const rows: SettingRow[] = [
      {
        setting: 'targets',
        value: names?.join(', ') ?? 'those that must hold',
        source: names === undefined ? 'default' : 'file',
        place: names === undefined ? 'default' : `${file}: targets`,
      },
      ...(await valuesOf(command, terminal)).map(rowOf),
    ];
    if (command.getOptionValue('json') === true) {
      printJson(terminal, { file, settings: rows });
    } else {
      const cells = rows.map(({ setting, value, place }) => [setting, value, place]);
      const columns = [{ title: 'setting' }, { title: 'value' }, { title: 'from' }];
      printLines(terminal, [
        `Configuration: ${file ?? 'none'}`,
        '',
        ...formatTable(columns, cells),
      ]);
    }
    exit(0);
  });
}

/** Each setting once, as the first command that heeds it has it. */
async function valuesOf(command: Command, terminal: Terminal): Promise<SettledValue[]> {
  const values = new Map<string, SettledValue>();
  for (const name of ['run', 'ci', 'explore']) {
    for (const value of await settledFor(command, name, terminal.environment)) {
      const { path } = value.setting;
      if (!values.has(path)) values.set(path, value);
    }
  }
  return ALL_SETTINGS.map(({ path }) => values.get(path)!);
}

function rowOf({ setting, source, place, texts }: SettledValue): SettingRow {
  const value = source === 'default' ? setting.fallback : texts.join(', ');
  return { setting: setting.path, value, source, place };
}
