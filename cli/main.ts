/** The `tengen` command: registers every subcommand and turns errors into one sentence and an exit code. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { CliError, EXIT } from './common.ts';
import { registerGtp } from './gtp.ts';
import { registerMatch } from './match.ts';
import { registerBench } from './bench.ts';
import { registerNet } from './net.ts';
import { registerPlay } from './play.ts';
import { registerServe } from './serve.ts';
import { registerTrain } from './train.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const program = new Command('tengen')
  .version(version)
  .description('A Go laboratory: play a neural network, train one, take networks apart.')
  .showHelpAfterError('(add --help for the options)')
  .showSuggestionAfterError()
  .exitOverride();
registerPlay(program);
registerGtp(program);
registerMatch(program);
registerServe(program);
registerTrain(program);
registerNet(program);
registerBench(program);

/** Subcommands inherit nothing by themselves: each must throw instead of exiting, so that exit codes are ours. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwOnExit(child);
}

throwOnExit(program);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else if (error instanceof CliError) {
    process.stderr.write(`tengen: ${error.message}${error.message.endsWith('.') ? '' : '.'}\n`);
    process.exitCode = error.exitCode;
  } else throw error;
}
