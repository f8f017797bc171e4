/** The command line: parses, dispatches, turns every error into a message and an exit code. */
import { Command, CommanderError } from 'commander';
import { formatError, ModelError, UsageError } from '../core/errors.ts';
import { guardExit } from './early-exit.ts';
import { EXIT_INTERNAL, EXIT_USAGE } from './exit-code.ts';
import { nextSteps } from './next-steps.ts';
import { applySettings } from './settings.ts';
import { forPeople, processTerminal, type Terminal } from './terminal.ts';
import { VERSION } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0    every property held
  1    a property failed; a trace was written and its replay command printed
  2    usage, configuration or unreadable input
  3    inconclusive: a budget or bound ended the work before the answer
  4    nondeterminism in the checked code, or a fault of mapcheck itself
  130  interrupted
`;

type AddCommand = (program: Command, terminal: Terminal, exit: (code: number) => void) => void;

/** Loads a command. Only the one that runs is loaded: some bring every engine along, which takes longer than their work. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./commands/run.ts')).addRunCommand,
  merge: async () => (await import('./commands/merge.ts')).addMergeCommand,
  worker: async () => (await import('./commands/worker.ts')).addWorkerCommand,
  replay: async () => (await import('./commands/replay.ts')).addReplayCommand,
  show: async () => (await import('./commands/show.ts')).addShowCommand,
  ci: async () => (await import('./commands/ci.ts')).addCiCommand,
  conform: async () => (await import('./commands/conform.ts')).addConformCommand,
  mutants: async () => (await import('./commands/mutants.ts')).addMutantsCommand,
  explore: async () => (await import('./commands/explore.ts')).addExploreCommand,
  selftest: async () => (await import('./commands/selftest.ts')).addSelftestCommand,
  history: async () => (await import('./commands/history.ts')).addHistoryCommand,
  config: async () => (await import('./commands/config.ts')).addConfigCommand,
  init: async () => (await import('./commands/init.ts')).addInitCommand,
  list: async () => (await import('./commands/list.ts')).addListCommand,
};

function isVerboseFlag(argument: string): boolean {
  return argument === '-v' || argument === '--verbose';
}

/** The command that is asked for; all of them for help and for names that are not known. */
function commandsFor(args: readonly string[]): readonly string[] {
  const name = args.find((argument) => !isVerboseFlag(argument));
  return name !== undefined && Object.hasOwn(COMMANDS, name) ? [name] : Object.keys(COMMANDS);
}

/** Runs the command line and returns the exit code. Never throws. */
export async function main(
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let code = 0;
  if (args.every(isVerboseFlag)) {
    terminal.stderr.write(`${nextSteps(process.cwd()).join('\n')}\n`);
    return EXIT_USAGE;
  }
  const stopGuarding = guardExit();
  try {
    const program = await createProgram(args, terminal, (value) => {
      code = value;
    });
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end with 0; everything else commander complains about is a usage error it has printed.
      return error.exitCode === 0 ? 0 : EXIT_USAGE;
    }
    const isVerbose = args.some(isVerboseFlag);
    terminal.stderr.write(forPeople(terminal, `${formatError(error)}\n`));
    const isExpected = error instanceof UsageError || error instanceof ModelError;
    if (isVerbose || !isExpected) terminal.stderr.write(`${(error as Error).stack ?? ''}\n`);
    return isExpected ? EXIT_USAGE : EXIT_INTERNAL;
  } finally {
    stopGuarding();
  }
}

async function createProgram(
  args: readonly string[],
  terminal: Terminal,
  exit: (code: number) => void,
): Promise<Command> {
  const program = new Command('mapcheck')
    .description('A deterministic model checker and test oracle for hash maps and concurrent maps.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('-v, --verbose', 'show stack traces of errors')
    .showSuggestionAfterError()
    .showHelpAfterError('`mapcheck --help` lists commands, `mapcheck COMMAND --help` options.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  for (const name of commandsFor(args)) (await COMMANDS[name]!())(program, terminal, exit);
  program.hook('preAction', async (_, command) => {
    if (command.name() !== 'config') await applySettings(command, terminal.environment);
  });
  for (const command of program.commands) {
    command
      .exitOverride()
      .showHelpAfterError(`\`mapcheck ${command.name()} --help\` lists its options.`);
  }
  return program;
}
