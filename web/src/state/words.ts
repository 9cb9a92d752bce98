/** Sentences about moves, points and results, for labels, the status line and screen readers. */
import { formatMove } from '../../../engine/record/coordinates.ts';
import { isLoopback } from '../../../server/protocol/loopback.ts';
import type { GameMessage } from '../../../server/protocol/messages.ts';
import { capturesAt } from './board-view.ts';

export const COLOR_NAMES = ['', 'Black', 'White'] as const;

/** "Black D4", "White passes". */
export function describeMove(color: 1 | 2, move: number, width: number, height: number): string {
  const name = formatMove(move, width, height);
  return name === 'pass' ? `${COLOR_NAMES[color]} passes` : `${COLOR_NAMES[color]} ${name}`;
}

/** SGF result ("B+3.5", "W+R", "0") as a sentence. */
export function describeResult(result: string): string {
  const match = /^([BW])\+(.*)$/.exec(result);
  if (match === null) return result === '0' || result === 'Draw' ? 'The game is a draw' : `Result: ${result}`;
  const winner = match[1] === 'B' ? 'Black' : 'White';
  const how = match[2];
  if (/^r/i.test(how)) return `${winner} wins by resignation`;
  if (/^t/i.test(how)) return `${winner} wins on time`;
  const points = Number(how);
  if (how === '' || Number.isNaN(points)) return `${winner} wins`;
  return `${winner} wins by ${points} ${points === 1 ? 'point' : 'points'}`;
}

/** "Black leads by 3.5", from Black's score minus White's. */
export function describeScore(scoreBlack: number): string {
  if (scoreBlack === 0) return 'The score is even';
  return `${scoreBlack > 0 ? 'Black' : 'White'} leads by ${Math.abs(Number(scoreBlack.toFixed(1)))}`;
}

/** The last of the first `ply` moves, for the "L" key and after a reconnect. */
export function describeLastMove(game: GameMessage, ply: number): string {
  if (ply === 0) return 'No move has been played.';
  const last = game.moves[ply - 1];
  return `Move ${ply}: ${describeMove(last.color, last.move, game.width, game.height)}.`;
}

export function describeCaptures(game: GameMessage, ply: number): string {
  const { black, white } = capturesAt(game, ply);
  return `Black has captured ${black}, White ${white}.`;
}

/** Who can open the link to watch a game, and what else it opens. */
export function describeLink({ hostname, searchParams }: URL): string {
  const who = isLoopback(hostname)
    ? 'The link opens on this computer only. For others, start tengen serve with --host 0.0.0.0 and a --token, and open this page by the address of this computer.'
    : 'Whoever opens the link can watch this game.';
  return searchParams.has('token')
    ? `${who} It holds the access token, which opens the whole server: give it to nobody who may not use that.`
    : who;
}

/** What a screen reader should say when `after` replaces `before`; '' when nothing worth hearing changed. */
export function describeChange(before: GameMessage | null, after: GameMessage): string {
  const said: string[] = [];
  if (before === null && after.moves.length === 0)
    said.push(
      `New game on a ${after.width} by ${after.height} board. You play ${COLOR_NAMES[after.humanColor]}.`,
    );
  else if (before === null)
    said.push(
      `${after.phase === 'finished' ? 'A game to review.' : 'Game resumed.'} ${describeLastMove(after, after.moves.length)}`,
    );
  else if (after.moves.length < before.moves.length)
    said.push(`Taken back. ${describeLastMove(after, after.moves.length)}`);
  else if (after.moves.length > before.moves.length) {
    for (const { color, move } of after.moves.slice(before.moves.length))
      said.push(`${describeMove(color, move, after.width, after.height)}.`);
    const captured =
      after.captures.black + after.captures.white - before.captures.black - before.captures.white;
    if (captured > 0) said.push(`${captured} ${captured === 1 ? 'stone' : 'stones'} captured.`);
  }
  const isNewPhase = after.phase !== before?.phase;
  if (after.phase === 'scoring' && isNewPhase)
    said.push('Both passed. Mark the dead stones, then accept the score or resume play.');
  if (after.phase === 'scoring' && after.scoreBlack !== null && after.scoreBlack !== before?.scoreBlack)
    said.push(`${describeScore(after.scoreBlack)}.`);
  if (after.phase === 'playing' && before?.phase === 'scoring') said.push('Play goes on.');
  if (after.phase === 'finished' && isNewPhase && after.result !== null)
    said.push(`${describeResult(after.result)}.`);
  return said.join(' ');
}
