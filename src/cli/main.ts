/** The command line: parses, dispatches, turns every error into a message and an exit code. */
import { Command, CommanderError } from 'commander';
import { formatError, ModelError, UsageError } from '../core/errors.ts';
import { addCiCommand } from './commands/ci.ts';
import { addConformCommand } from './commands/conform.ts';
import { addListCommand } from './commands/list.ts';
import { addMutantsCommand } from './commands/mutants.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addRunCommand } from './commands/run.ts';
import { EXIT_INTERNAL, EXIT_USAGE } from './exit-code.ts';
import { processTerminal, type Terminal } from './terminal.ts';
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

/** Runs the command line and returns the exit code. Never throws. */
export async function main(
  args: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  let code = 0;
  const program = createProgram(terminal, (value) => {
    code = value;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version end with 0; everything else commander complains about is a usage error it has printed.
      return error.exitCode === 0 ? 0 : EXIT_USAGE;
    }
    const isVerbose = args.includes('-v') || args.includes('--verbose');
    terminal.stderr.write(`${formatError(error)}\n`);
    const isExpected = error instanceof UsageError || error instanceof ModelError;
    if (isVerbose || !isExpected) terminal.stderr.write(`${(error as Error).stack ?? ''}\n`);
    return isExpected ? EXIT_USAGE : EXIT_INTERNAL;
  }
}

function createProgram(terminal: Terminal, exit: (code: number) => void): Command {
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
  addRunCommand(program, terminal, exit);
  addReplayCommand(program, terminal, exit);
  addCiCommand(program, terminal, exit);
  addConformCommand(program, terminal, exit);
  addMutantsCommand(program, terminal, exit);
  addListCommand(program, terminal, exit);
  for (const command of program.commands) {
    command
      .exitOverride()
      .showHelpAfterError(`\`mapcheck ${command.name()} --help\` lists its options.`);
  }
  return program;
}
