/** The `tengen` command: registers every subcommand and turns errors into one sentence and an exit code. */
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import { Command, CommanderError } from 'commander';
import { EXIT, version } from './common.ts';
import { exitCodeOf, printError } from './report-error.ts';

// What was compiled once, TypeScript too, is read the next time. Node makes the folder for it, without an end below /proc.
if (existsSync(tmpdir())) enableCompileCache();

/** In the order of the help. A command's files are read when it is asked for, all of them only to tell of all. */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  play: async () => (await import('./play.ts')).registerPlay,
  gtp: async () => (await import('./gtp.ts')).registerGtp,
  analyze: async () => (await import('./analyze.ts')).registerAnalyze,
  analysis: async () => (await import('./analysis.ts')).registerAnalysis,
  match: async () => (await import('./match.ts')).registerMatch,
  serve: async () => (await import('./serve.ts')).registerServe,
  label: async () => (await import('./label.ts')).registerLabel,
  train: async () => (await import('./train/train.ts')).registerTrain,
  study: async () => (await import('./study.ts')).registerStudy,
  run: async () => (await import('./run/run.ts')).registerRun,
  net: async () => (await import('./net/net.ts')).registerNet,
  bench: async () => (await import('./bench.ts')).registerBench,
  doctor: async () => (await import('./doctor.ts')).registerDoctor,
};

const program = new Command('tengen')
  .version(version)
  .description('A Go laboratory: play a neural network, train one, take networks apart.')
  .showHelpAfterError('(add --help for the options)')
  .showSuggestionAfterError()
  .helpCommand(false)
  .exitOverride();

/** Subcommands inherit nothing by themselves: each must throw instead of exiting, so that exit codes are ours. */
function throwOnExit(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) throwOnExit(child);
}

/** Of `help net prune`. Commander's own reads one word, and says nothing of one that is no command. */
function help(words: readonly string[]): void {
  let command: Command = program;
  for (const word of words) {
    const child = command.commands.find((each) => each.name() === word);
    if (child === undefined) command.error(`error: '${word}' is no command of ${command.name()}`);
    command = child;
  }
  command.help();
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

/** KataGo takes the options that it has with one dash or two. */
function withTwoDashes(argument: string): string {
  const names = /^-(model|config|override-config|override-version|analysis-threads|quit-without-waiting)$/;
  return names.test(argument) ? `-${argument}` : argument;
}

const [first, second] = process.argv.slice(2);
const name = first === 'help' ? second : first;
const wanted = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
try {
  for (const register of wanted) (await register())(program);
  program.command('help').argument('[command...]').description('what --help says of a command').action(help);
  throwOnExit(program);
  await program.parseAsync(process.argv.map(withTwoDashes));
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    printError(error);
    process.exitCode = exitCodeOf(error);
  }
}
