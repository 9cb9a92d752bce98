/** The game as an SGF file, written in the page so that it works without a connection. */
import { makeRules } from '../../../engine/go/rules.ts';
import { writeGameInfo } from '../../../engine/record/game-info.ts';
import { makeSgf } from '../../../engine/record/sgf.ts';
import { sgfFromGame } from '../../../engine/record/sgf-game.ts';
import type { GameMessage } from '../../../server/protocol/messages.ts';

/** @param date YYYY-MM-DD, today where the player is; of games that began here. */
export function sgfText(game: GameMessage, engineName: string, date: string): string {
  const { width, height, komi, handicap, setup, moves } = game;
  const isBlack = game.humanColor === 1;
  const root = sgfFromGame({
    width,
    height,
    rules: makeRules(game.rules, { komi }),
    handicap,
    setup,
    moves,
    toPlay: moves[0]?.color ?? game.toPlay,
    result: game.result ?? '',
    playerBlack: isBlack ? 'You' : engineName,
    playerWhite: isBlack ? engineName : 'You',
    date: game.recordInfo === null ? date : '',
  });
  writeGameInfo(root, game.recordInfo ?? {});
  return makeSgf([root]);
}

/** "tengen-2030-01-31-9x9.sgf" */
export function sgfFileName(game: GameMessage, date: string): string {
  return `tengen-${date}-${game.width}x${game.height}.sgf`;
}
