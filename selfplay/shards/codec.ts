/** A game of self-play as bytes and back, each way the inverse of the other; README.md has the layout. */
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Color } from '#engine/go/color.ts';
import type { Rules } from '#engine/go/rules.ts';
import { CHOICES, gameProblem } from './game-problem.ts';
import { POLICY_UNITS } from './rounding.ts';
import type { SearchedPosition, SelfPlayGame } from './self-play-game.ts';

export type DecodedGame =
  { readonly ok: true; readonly game: SelfPlayGame } | { readonly ok: false; readonly message: string };

const HAS_SCORE = 1;
const HAS_OWNERSHIP = 2;

/** Bytes of a set of moves: bit m % 8 of byte m / 8 for move m. */
const bitmapBytes = (points: number): number => (points + 8) >> 3;

const asBytes = (values: Int8Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function writeRules(w: BinaryWriter, rules: Rules): void {
  w.uint32(CHOICES.ko.indexOf(rules.ko)).bool(rules.suicide);
  w.uint32(CHOICES.scoring.indexOf(rules.scoring)).uint32(CHOICES.tax.indexOf(rules.tax));
  w.double(rules.komi).uint32(CHOICES.handicapBonus.indexOf(rules.handicapBonus));
}

function writeMoves(w: BinaryWriter, moves: readonly number[] | Int16Array): void {
  w.uint32(moves.length);
  for (const move of moves) w.uint32(move);
}

function writePosition(w: BinaryWriter, position: SearchedPosition, skipped: number, points: number): void {
  const { policyMoves, policy, valueBlack, scoreBlack, surprise, ownershipBlack } = position;
  // NaN has many spellings in bytes; an absent score has one.
  const hasScore = !Number.isNaN(scoreBlack);
  w.uint32(skipped).uint32((hasScore ? HAS_SCORE : 0) | (ownershipBlack === null ? 0 : HAS_OWNERSHIP));
  w.float(valueBlack).float(surprise);
  if (hasScore) w.float(scoreBlack);
  const bitmap = new Uint8Array(bitmapBytes(points));
  for (const move of policyMoves) bitmap[move >> 3] |= 1 << (move & 7);
  w.bytes(bitmap);
  for (const probability of policy) w.uint32(probability * POLICY_UNITS);
  if (ownershipBlack !== null) w.bytes(asBytes(ownershipBlack));
}

/** @throws Error for a game that is none, such as one that was not rounded by `asRecorded`. */
export function encodeGame(game: SelfPlayGame): Uint8Array {
  const problem = gameProblem(game);
  if (problem !== null) throw new Error(`internal: game ${game.index} cannot be stored: ${problem}`);
  const w = new BinaryWriter();
  w.uint32(game.generation).uint32(game.index).bytes(Buffer.from(game.net, 'hex'));
  w.uint32(game.width).uint32(game.height);
  writeRules(w, game.rules);
  writeMoves(w, game.setup.black);
  writeMoves(w, game.setup.white);
  w.uint32(game.toPlay);
  writeMoves(w, game.moves);
  w.uint32(CHOICES.end.indexOf(game.end)).uint32(game.outcomeBlack + 1);
  w.bool(game.playedOn).double(game.winnersLowest);
  if (game.scoreBlack !== null && game.ownershipBlack !== null)
    w.double(game.scoreBlack).bytes(asBytes(game.ownershipBlack));
  w.uint32(game.positions.length);
  let next = 0;
  for (const position of game.positions) {
    writePosition(w, position, position.ply - next, game.width * game.height);
    next = position.ply + 1;
  }
  return w.finish();
}

function choice<T>(choices: readonly T[], index: number): T {
  if (index >= choices.length) throw new RangeError(`choice ${index} of ${choices.length}`);
  return choices[index];
}

function readRules(r: BinaryReader): Rules {
  return {
    ko: choice(CHOICES.ko, r.uint32()),
    suicide: r.bool(),
    scoring: choice(CHOICES.scoring, r.uint32()),
    tax: choice(CHOICES.tax, r.uint32()),
    komi: r.double(),
    handicapBonus: choice(CHOICES.handicapBonus, r.uint32()),
  };
}

/** A count of things that take a byte each at least, so that a wrong one allocates no more than the record has. */
function readCount(r: BinaryReader): number {
  const count = r.uint32();
  if (count > r.len - r.pos) throw new RangeError(`${count} of something in ${r.len - r.pos} bytes`);
  return count;
}

function readMoves(r: BinaryReader, points: number): number[] {
  return Array.from({ length: readCount(r) }, () => {
    const move = r.uint32();
    if (move > points) throw new RangeError(`move ${move} of ${points}`);
    return move;
  });
}

/** The moves of a bitmap in increasing order. */
function movesIn(bitmap: Uint8Array): Int16Array {
  const moves = new Int16Array(8 * bitmap.length);
  let count = 0;
  for (let move = 0; move < moves.length; move++)
    if (bitmap[move >> 3] & (1 << (move & 7))) moves[count++] = move;
  return moves.slice(0, count);
}

function readPosition(r: BinaryReader, next: number, points: number): SearchedPosition {
  const ply = next + r.uint32();
  const flags = r.uint32();
  const [valueBlack, surprise] = [r.float(), r.float()];
  const scoreBlack = flags & HAS_SCORE ? r.float() : NaN;
  const bitmap = r.bytes();
  if (bitmap.length !== bitmapBytes(points)) throw new RangeError(`${bitmap.length} bytes of moves`);
  const policyMoves = movesIn(bitmap);
  const policy = new Float32Array(policyMoves.length);
  for (let i = 0; i < policy.length; i++) policy[i] = r.uint32() / POLICY_UNITS;
  const ownershipBlack = flags & HAS_OWNERSHIP ? new Int8Array(r.bytes()) : null;
  return {
    ply,
    policyMoves,
    policy,
    valueBlack,
    scoreBlack,
    surprise,
    ownershipBlack,
  };
}

/** @throws RangeError or Error where the bytes end early or hold an impossible number. */
function readGame(r: BinaryReader): SelfPlayGame {
  const [generation, index] = [r.uint32(), r.uint32()];
  const net = Buffer.from(r.bytes()).toString('hex');
  const [width, height] = [r.uint32(), r.uint32()];
  const points = width * height;
  const rules = readRules(r);
  const setup = { black: readMoves(r, points), white: readMoves(r, points) };
  const toPlay = r.uint32() as Color;
  const moves = Int16Array.from(readMoves(r, points));
  const end = choice(CHOICES.end, r.uint32());
  const outcomeBlack = choice([-1, 0, 1] as const, r.uint32());
  const [playedOn, winnersLowest] = [r.bool(), r.double()];
  const scoreBlack = end === 'resignation' ? null : r.double();
  const ownershipBlack = end === 'resignation' ? null : new Int8Array(r.bytes());
  const positions: SearchedPosition[] = [];
  for (let left = readCount(r), next = 0; left > 0; left--) {
    const position = readPosition(r, next, points);
    positions.push(position);
    next = position.ply + 1;
  }
  if (r.pos !== r.len) throw new RangeError(`${r.len - r.pos} bytes follow the game`);
  return {
    generation,
    index,
    net,
    width,
    height,
    rules,
    setup,
    toPlay,
    moves,
    end,
    outcomeBlack,
    scoreBlack,
    ownershipBlack,
    playedOn,
    winnersLowest,
    positions,
  };
}

/** The game in these bytes, which may be anything; `encodeGame` takes whatever this returns. */
export function decodeGame(bytes: Uint8Array): DecodedGame {
  let game: SelfPlayGame;
  try {
    game = readGame(new BinaryReader(bytes));
  } catch (error) {
    return { ok: false, message: `the bytes are no game (${(error as Error).message})` };
  }
  const problem = gameProblem(game);
  return problem === null ? { ok: true, game } : { ok: false, message: problem };
}
