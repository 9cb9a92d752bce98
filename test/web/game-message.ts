/** A game message for tests: what the server would send for a game of these moves. */
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { parseMove } from '#engine/record/coordinates.ts';
import type { GameMessage } from '#server/protocol/messages.ts';

/** @param moves names such as "D4" or "pass", Black first. */
export function gameMessage(size: number, moves: string, changes: Partial<GameMessage> = {}): GameMessage {
  let position = Position.start({ width: size, height: size, rules: makeRules('chinese') });
  const played: GameMessage['moves'] = [];
  for (const name of moves.split(' ').filter((text) => text !== '')) {
    const move = parseMove(name, size, size);
    if (move === null) throw new Error(`internal: ${name} is no move`);
    const color = position.toPlay;
    const result = position.play(move);
    if (!result.ok) throw new Error(`internal: ${name} is illegal (${result.reason})`);
    position = result.position;
    played.push({ color, move });
  }
  const { board } = position;
  return {
    type: 'game',
    id: 'game-0001',
    secret: 'secret-of-the-game-1',
    width: size,
    height: size,
    rules: 'chinese',
    komi: 7.5,
    handicap: 0,
    setup: { black: [], white: [] },
    moves: played,
    recordInfo: null,
    stones: [...board.stones],
    toPlay: position.toPlay,
    humanColor: 1,
    level: 'random',
    phase: position.isOver ? 'scoring' : 'playing',
    dead: [],
    ownership: null,
    scoreBlack: null,
    captures: { black: board.captures[1], white: board.captures[2] },
    result: null,
    lastMove: played.at(-1)?.move ?? null,
    ko: board.koPoint < 0 ? null : board.koPoint,
    winrateHistory: [0.5, ...played.map(() => null)],
    legal: Array.from({ length: board.area }, (_, p) => (position.isLegal(p) ? 1 : 0)),
    thinking: false,
    ackNonce: null,
    ...changes,
  };
}
