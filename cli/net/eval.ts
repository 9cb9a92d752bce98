/** `tengen net eval`: how well a net predicts games. */
import { openEvaluator } from '#nets/evaluator.ts';
import { evaluateOnGames } from '#training/evaluate.ts';
import type { Accuracy } from '#training/evaluate.ts';
import { readGameFiles } from '#training/game-files.ts';
import { CliError, EXIT, emit, requireOpened } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { netPath } from './common.ts';

export async function evaluate(
  net: string,
  flags: { games: string[]; holdOut: number; all?: boolean; json?: boolean },
): Promise<void> {
  const read = readGameFiles(flags.games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const path = netPath(net);
  const opened = requireOpened(await openEvaluator(path, { threads: 2 }));
  const progress = makeProgress('game {value}/{total}');
  const accuracy = await evaluateOnGames(opened.evaluator, read.files, {
    holdOut: flags.all === true ? 1 : flags.holdOut,
    onProgress: progress.update,
  });
  progress.stop();
  await opened.evaluator.close();
  for (const [reason, count] of Object.entries(accuracy.skipped))
    process.stderr.write(`left out ${count} records: ${reason}\n`);
  if (accuracy.games === 0)
    throw new CliError(
      EXIT.badInput,
      'None of the games is held out and readable; add --all to measure every game.',
    );
  emit(flags.json, { net: path, ...accuracy }, () => accuracyTable(accuracy));
}

function accuracyTable(accuracy: Accuracy): string {
  const percent = (share: number): string =>
    Number.isNaN(share) ? 'no results' : `${(100 * share).toFixed(1)}%`;
  return [
    `games               ${accuracy.games}`,
    `positions           ${accuracy.positions}`,
    `policy top-1        ${percent(accuracy.top1)}`,
    `policy top-5        ${percent(accuracy.top5)}`,
    `value MSE           ${accuracy.valueMse.toFixed(3)}`,
    `value sign          ${percent(accuracy.valueSign)}`,
    `ownership           ${accuracy.ownership === null ? 'unknown: no game was played out to its end' : percent(accuracy.ownership)}`,
  ].join('\n');
}
