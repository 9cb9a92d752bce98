/**
 * Every message of the websocket, as strict zod schemas that the server and the page share.
 *
 * Connect to `/ws` (with `?token=...` where the server was started with one); every frame is binary msgpack
 * (`encodeFrame` and `decodeClientFrame`, `decodeServerFrame` in codec.ts) of one object with a `type`. A point is `y * width + x` (y = 0 is the
 * top row), the pass is `width * height`; colours are 1 = black, 2 = white, 0 = empty; win rates are in [0, 1] and
 * scores in points, both Black's. Arrays over the board are plain arrays of numbers in point order.
 *
 * A conversation: the page sends `hello` (to resume) or `new-game` or `load-sgf`; the server answers each accepted
 * message with a full `game`, and each refused one with an `error` that changes nothing. After a person's move the
 * server sends `game`, then `thinking`, then `game` again with its own move. Two passes move `phase` to 'scoring':
 * `mark-dead` edits `dead`, then `accept-score` finishes the game or `resume-play` goes on. A page that lost its
 * socket sends `hello` again with what it stored, and repeats its unacknowledged move with the same ply and nonce.
 * `load-sgf` opens a record with a result, or of others, as a finished game; `play-on` makes a game to play of any ply of a
 * finished one.
 */
import { z } from 'zod';
import { MAX_KOMI_POINTS } from '#engine/go/rules.ts';

// The page runs under a content security policy without 'unsafe-eval', which zod's compiled parsers would need.
z.config({ jitless: true });

/** How the page and records of games against the engine name it. */
export const ENGINE_NAME = 'Tengen';
/** Board side lengths a game may have. */
export const MIN_SIZE = 5;
export const MAX_SIZE = 19;
/** Longest SGF text that `load-sgf` takes, in characters: a frame holds 64 KiB. Texts of more bytes go to POST /api/sgf. */
export const MAX_SGF_CHARACTERS = 60_000;
/** Longest game, in plies; more is refused with 'wrong-phase'. */
export const MAX_PLIES = 2000;

/** Whether komi can be counted with, and travels exactly as float32: scores are multiples of half a point. */
export function isHalfPoints(komi: number): boolean {
  return Number.isInteger(2 * komi);
}

export const side = z.int().min(MIN_SIZE).max(MAX_SIZE);
const point = z
  .int()
  .min(0)
  .max(MAX_SIZE * MAX_SIZE - 1);
/** A point, or the pass `width * height`. */
const move = z
  .int()
  .min(0)
  .max(MAX_SIZE * MAX_SIZE);
const color = z.union([z.literal(1), z.literal(2)]);
const gameId = z.string().regex(/^[A-Za-z0-9_-]{8,40}$/);
const secret = z.string().regex(/^[A-Za-z0-9_-]{16,64}$/);
/** Chosen by the page, fresh for every intended move, so that a repeated send is not a second move. */
const nonce = z.string().min(1).max(40);
/** Plies played before this move (`game.moves.length`): a move meant for another position is refused as 'stale'. */
const ply = z.int().min(0).max(MAX_PLIES);

export const rulesName = z.enum(['tromp-taylor', 'chinese', 'japanese', 'aga', 'new-zealand']);
const level = z.string().min(1).max(40);

/** Resume a game. Without `secret` the game can be watched, not played. Answer: `game`, or `error` 'no-game'. */
const hello = z.strictObject({
  type: z.literal('hello'),
  gameId: gameId.optional(),
  secret: secret.optional(),
});
/** Start a game against the engine; keep the `id` and `secret` of the answer to come back to it. */
const newGame = z.strictObject({
  type: z.literal('new-game'),
  width: side,
  height: side,
  rules: rulesName,
  /** Points added to White; whole or half. */
  komi: z
    .number()
    .refine(
      (komi) => isHalfPoints(komi) && Math.abs(komi) <= MAX_KOMI_POINTS,
      `komi is in whole or half points such as 7.5, at most ${MAX_KOMI_POINTS} for either side`,
    ),
  /** Stones Black places first, 0 or 2..9; bounded by the board (the refusal says how many it holds). */
  handicap: z.int().min(0).max(9),
  /** The person's colour. */
  color,
  /** An `id` of GET /api/levels. */
  level,
});
const play = z.strictObject({ type: z.literal('play'), move, ply, nonce });
const pass = z.strictObject({ type: z.literal('pass'), ply, nonce });
const resign = z.strictObject({ type: z.literal('resign') });
/** Takes back to the person's previous turn: the engine's answer too. */
const undo = z.strictObject({ type: z.literal('undo') });
/** Marks the chain at `point` dead, or alive again; only while scoring. */
const markDead = z.strictObject({ type: z.literal('mark-dead'), point, dead: z.boolean() });
/** Ends the game with the score that was shown; where the dead stones have changed meanwhile, it is refused as 'stale'. */
const acceptScore = z.strictObject({ type: z.literal('accept-score'), scoreBlack: z.number() });
/** Leaves the scoring and plays on from the position before the passes counted. */
const resumePlay = z.strictObject({ type: z.literal('resume-play') });
/**
 * Opens the SGF's main line at its last position: a record with a result, with two passes at its end, or that names players
 * without naming Tengen, as a finished game, any other as a game in which the person has the colour to move.
 */
const loadSgf = z.strictObject({
  type: z.literal('load-sgf'),
  text: z.string().max(MAX_SGF_CHARACTERS),
  level,
});
/** Starts a new game at the position after `ply` moves of this finished one; the person has the colour to move. */
const playOn = z.strictObject({ type: z.literal('play-on'), ply });
/**
 * Turns `analysis` messages on or off for this connection: of the position after `ply` moves, in any phase of the game, or
 * where `ply` is left out of the present position, then of every next one. The last request counts; a search that nobody
 * asks for any more is cancelled.
 */
const analysisRequest = z.strictObject({ type: z.literal('analysis'), on: z.boolean(), ply: ply.optional() });

export const clientMessage = z.discriminatedUnion('type', [
  hello,
  newGame,
  play,
  pass,
  resign,
  undo,
  markDead,
  acceptScore,
  resumePlay,
  loadSgf,
  playOn,
  analysisRequest,
]);
export type ClientMessage = z.infer<typeof clientMessage>;
export type NewGameMessage = z.infer<typeof newGame>;

/**
 * Players, date, place and so on of the SGF record that a game was loaded from: properties with their raw values. Null for
 * games that began here.
 */
export const recordInfo = z.record(z.string().regex(/^[A-Z]{1,2}$/), z.array(z.string())).nullable();

export const phase = z.enum(['playing', 'scoring', 'finished']);

/** Everything the page needs to draw a game; it replaces whatever the page had. */
const game = z.strictObject({
  type: z.literal('game'),
  id: gameId,
  /** The key to play in this game; null for watchers. */
  secret: secret.nullable(),
  width: side,
  height: side,
  rules: rulesName,
  komi: z.number(),
  handicap: z.int(),
  /** Stones before the first move (handicap or SGF set-up), points. */
  setup: z.strictObject({ black: z.array(point), white: z.array(point) }),
  moves: z.array(z.strictObject({ color, move })),
  recordInfo,
  /** [width * height] of 0, 1, 2: the position after `moves`. */
  stones: z.array(z.int().min(0).max(2)),
  toPlay: color,
  humanColor: color,
  /** Level id. */
  level,
  phase,
  /** Points of stones marked dead; empty unless scoring or finished by count. */
  dead: z.array(point),
  /** While scoring or finished by this count: [width * height] of 1 black's, -1 white's, 0 nobody's; else null. */
  ownership: z.array(z.number()).nullable(),
  /** Black's score minus White's with the present `dead`, komi included; null while playing. */
  scoreBlack: z.number().nullable(),
  /** Stones captured by each side. */
  captures: z.strictObject({ black: z.int(), white: z.int() }),
  /** SGF result such as 'B+3.5', 'W+R', '0' for a draw; null until finished, and for records that do not say it. */
  result: z.string().nullable(),
  /** The last move (point or pass), null before the first. */
  lastMove: move.nullable(),
  /** The simple-ko point banned for the side to move, or null; other bans show in `legal`. */
  ko: point.nullable(),
  /** Black's win rate after each ply by analysis, index 0 = before the first move; null where none was asked for. */
  winrateHistory: z.array(z.number().nullable()),
  /** [width * height] of 0 and 1: points where the side to move may play. */
  legal: z.array(z.int().min(0).max(1)),
  /** Whether the engine is choosing a move now. */
  thinking: z.boolean(),
  /** Nonce of the last accepted play or pass, or of the repeated one that this answers: what the page may forget. */
  ackNonce: nonce.nullable(),
});
export type GameMessage = z.infer<typeof game>;

/** What the net and search say about the position of `ply`. */
const analysis = z.strictObject({
  type: z.literal('analysis'),
  gameId,
  ply,
  /** [width * height + 1], sums to 1 over legal moves, the last is the pass. Null where the engine has no net. */
  policy: z.array(z.number()).nullable(),
  /** Null where the engine cannot say. */
  winrateBlack: z.number().nullable(),
  scoreBlack: z.number().nullable(),
  /** [width * height] in [-1, 1], 1 = will be Black's. */
  ownershipBlack: z.array(z.number()).nullable(),
  /** [width * height + 1]: how often the search tried each move. */
  visits: z.array(z.number()),
  /** The expected continuation, first move first. */
  pv: z.array(move),
});
export type AnalysisMessage = z.infer<typeof analysis>;

/** The engine started (or stopped) choosing a move at `ply`. */
const thinking = z.strictObject({ type: z.literal('thinking'), gameId, ply, on: z.boolean() });

const errorCode = z.enum([
  'bad-frame', // not a message of this protocol: the message says what was wrong
  'rate-limited', // slow down; after many of these the server closes with 1008
  'no-game', // the server has no such game
  'not-open', // this connection is in no game: send `hello` first
  'not-allowed', // wrong secret, or a watcher tried to play
  'illegal-move', // `reason` says why; the game is unchanged
  'not-your-turn',
  'stale', // the position has changed meanwhile: a fresh `game` follows
  'wrong-phase', // for example a move while scoring
  'bad-game', // the asked-for game cannot be set up (handicap, level)
  'bad-sgf',
  'busy', // the search queue is full
  'search-failed', // the engine could not move; `undo` or send `hello` again to retry
  'storage', // the game could not be saved, so nothing was changed, or not be read
  'damaged-game', // what is stored of the game cannot be read: it cannot go on
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** A refusal: nothing was changed and nothing is lost. `message` is a sentence to show. */
const error = z.strictObject({
  type: z.literal('error'),
  code: errorCode,
  message: z.string(),
  /** Why a move is illegal. */
  reason: z.enum(['occupied', 'ko', 'superko', 'suicide', 'game-over', 'off-board']).optional(),
  /** The nonce of the refused play or pass. */
  nonce: nonce.optional(),
});
export type ErrorMessage = z.infer<typeof error>;

export const serverMessage = z.discriminatedUnion('type', [game, analysis, thinking, error]);
export type ServerMessage = z.infer<typeof serverMessage>;

/** One entry of GET /api/levels, weakest first. */
export const levelInfo = z.strictObject({
  id: level,
  label: z.string(),
  description: z.string(),
});
export type LevelInfo = z.infer<typeof levelInfo>;

/** Answer of POST /api/sgf (body: the SGF text; `?level=ID`): send `hello` with both to open the game. */
export const sgfUploaded = z.strictObject({ gameId, secret });
/** Body of every HTTP refusal under /api. */
export const httpError = z.strictObject({ error: z.string() });
