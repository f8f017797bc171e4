/** `mapcheck list`: targets and properties, a line each. */
import type { Command } from 'commander';
import type { Property } from '../../core/property.ts';
import { clip, formatTable, indent } from '../../report/table.ts';
import { openProject } from '../../run/project.ts';
import { selectTargets } from '../../run/select-targets.ts';
import { printJson, printLines, stdoutPalette, type Terminal } from '../terminal.ts';

/** Adds the command to the program. */
export function addListCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: number) => void,
): void {
  program
    .command('list')
    .summary('targets and properties, a line each')
    .description(
      'Prints the targets, and every property with the rule it states; --json adds where each comes from.',
    )
    .argument('[targets...]', 'show these targets only')
    .option('--config <file>', 'configuration (default: mapcheck.config.ts, .mjs, .js or .json)')
    .option('--json', 'one JSON object on stdout, nothing else')
    .action(
      async (names: string[], flags: { readonly config?: string; readonly json?: boolean }) => {
        const project = await openProject(flags.config, process.cwd());
        const targets = names.length === 0 ? project.targets : selectTargets(names, project);
        const properties = distinctProperties(targets.flatMap((target) => target.properties));
        if (flags.json === true) {
          printJson(terminal, {
            targets: targets.map(({ name, title, coverage, properties: own }) => ({
              name,
              title,
              isDefault: project.defaultNames.includes(name),
              coverage,
              properties: own.map((property) => property.name),
            })),
            properties: properties.map(({ name, statement, source }) => ({
              name,
              statement,
              source,
            })),
          });
        } else {
          const palette = stdoutPalette(terminal);
          const targetRows = targets.map(({ name, title }) => [
            project.defaultNames.includes(name) ? '*' : '',
            name,
            title,
          ]);
          const propertyRows = properties.map(({ name, statement }) => [name, statement]);
          const width = terminal.stdout.columns ?? Number.POSITIVE_INFINITY;
          printLines(terminal, [
            palette.bold('Targets') + '  (* checked when none is named)',
            ...indent(formatTable([{ title: '' }, { title: 'name' }, { title: '' }], targetRows)),
            '',
            palette.bold(`Properties (${properties.length})`),
            ...indent(formatTable([{ title: 'name' }, { title: 'rule' }], propertyRows)).map(
              (line) => clip(line, width),
            ),
            '',
            'With --json: the sources of the rules, and which target has which.',
          ]);
        }
        exit(0);
      },
    );
}

function distinctProperties(properties: readonly Property[]): Property[] {
  const byName = new Map(properties.map((property) => [property.name, property]));
  return [...byName.values()];
}
