/** The `tengen` command: registers every subcommand and turns errors into one sentence and an exit code. */
import { Command, CommanderError } from 'commander';
import { EXIT, version } from './common.ts';
import { registerAnalysis } from './analysis.ts';
import { registerAnalyze } from './analyze.ts';
import { registerGtp } from './gtp.ts';
import { registerLabel } from './label.ts';
import { registerMatch } from './match.ts';
import { registerBench } from './bench.ts';
import { registerDoctor } from './doctor.ts';
import { registerNet } from './net/net.ts';
import { registerPlay } from './play.ts';
import { exitCodeOf, printError } from './report-error.ts';
import { registerRun } from './run/run.ts';
import { registerServe } from './serve.ts';
import { registerStudy } from './study.ts';
import { registerTrain } from './train/train.ts';

const program = new Command('tengen')
  .version(version)
  .description('A Go laboratory: play a neural network, train one, take networks apart.')
  .showHelpAfterError('(add --help for the options)')
  .showSuggestionAfterError()
  .exitOverride();
registerPlay(program);
registerGtp(program);
registerAnalyze(program);
registerAnalysis(program);
registerMatch(program);
registerServe(program);
registerLabel(program);
registerTrain(program);
registerStudy(program);
registerRun(program);
registerNet(program);
registerBench(program);
registerDoctor(program);

/** Subcommands inherit nothing by themselves: each must throw instead of exiting, so that exit codes are ours. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwOnExit(child);
}

/** Errors outside any promise. Added before any library is, since TensorFlow.js adds a listener that exits with 7. */
process.on('uncaughtException', (error) => {
  printError(error);
  process.exit(exitCodeOf(error));
});
// A reader that has seen enough, as `head` has, is no error: the command ends by itself.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  const named = Object.assign(error, { path: 'standard output' });
  printError(named);
  process.exitCode = exitCodeOf(named);
});
process.stderr.on('error', () => undefined); // there is nowhere left to say it

throwOnExit(program);
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    printError(error);
    process.exitCode = exitCodeOf(error);
  }
}
