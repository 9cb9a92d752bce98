/** Positions of the game records that a command is given, with progress and what is left out. */
import { readGameFiles } from '#training/game-files.ts';
import { recordPositions } from '#training/record-positions.ts';
import type { AskedPosition, PositionOptions } from '#training/record-positions.ts';
import { CliError, EXIT, tellLeftOut } from '../common.ts';
import { makeProgress } from '../progress.ts';

/** @returns one position or more. @throws CliError where there is none. */
export function readPositions(
  games: readonly string[],
  options: Pick<PositionOptions, 'holdOut' | 'examples'>,
): AskedPosition[] {
  const read = readGameFiles(games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const progress = makeProgress('game {value}/{total}');
  const skipped = new Map<string, number>();
  const asked = recordPositions(read.files, { ...options, skipped, onProgress: progress.update });
  progress.stop();
  for (const [reason, count] of skipped) tellLeftOut(count, reason);
  if (asked.length > 0) return asked;
  throw new CliError(
    EXIT.badInput,
    options.holdOut === 1
      ? `None of the games in ${games.join(', ')} can be read.`
      : 'None of the games is held out and readable; --hold-out 1 takes all.',
  );
}
