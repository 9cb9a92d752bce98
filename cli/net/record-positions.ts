/** Positions of the game records that a command is given. */
import { recordPositions } from '#training/record-positions.ts';
import type { AskedPosition, PositionOptions } from '#training/record-positions.ts';
import { CliError, EXIT } from '../common.ts';
import { withRecords } from '../records.ts';

/** @returns one position or more. @throws CliError where there is none. */
export async function readPositions(
  games: readonly string[],
  options: Pick<PositionOptions, 'holdOut' | 'examples'>,
): Promise<AskedPosition[]> {
  const asked = await withRecords(games, async (files, report) =>
    recordPositions(files, { ...options, ...report }),
  );
  if (asked.length > 0) return asked;
  throw new CliError(
    EXIT.badInput,
    options.holdOut === 1
      ? `None of the games in ${games.join(', ')} can be used.`
      : 'None of the games is held out and readable; --hold-out 1 takes all.',
  );
}
