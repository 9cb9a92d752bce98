/** `tengen play`: a game in the terminal. */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Argument, Option, type Command } from 'commander';
import { BLACK, WHITE, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { handicapPoints, maxHandicap } from '#engine/go/handicap.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Rng } from '#engine/go/random.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { formatMove, parseMove } from '#engine/record/coordinates.ts';
import { formatDiagram } from '#engine/record/diagram.ts';
import { formatScore, formatWin } from '#engine/record/result.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { openPlayer, ownershipOf } from '#selfplay/open-player.ts';
import { PLAYER_HELP } from '#selfplay/player.ts';
import type { Player, PlayerSpec } from '#selfplay/player.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { CliError, EXIT, emit, requireOpened, wholeNumber } from './common.ts';
import { addBoardOptions, parsePlayerOption, rulesOf } from './game-options.ts';
import type { BoardFlags } from './game-options.ts';

type Flags = BoardFlags & {
  readonly color: 'black' | 'white';
  readonly handicap: number;
  readonly seed: number;
  readonly json?: boolean;
};

/** The result is null where the game was left. */
type Outcome = { readonly result: string | null; readonly moves: string[] };

const HELP = 'Type a point such as D4, or: pass, resign, undo, quit.';

export function registerPlay(program: Command): void {
  const command = program
    .command('play')
    .description('play in the terminal')
    .addArgument(new Argument('[player]', `the opponent: ${PLAYER_HELP}`).argParser(parsePlayerOption));
  addBoardOptions(command)
    .addOption(new Option('--color <color>', 'yours').choices(['black', 'white']).default('black'))
    .option('--handicap <n>', 'stones for Black', wholeNumber(0, 9), 0)
    .option('--seed <n>', "of the opponent's search", wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--json', 'print the game at its end as one JSON object; the board goes to stderr')
    .addHelpText(
      'after',
      `
Examples:
  tengen play
  tengen play playouts@2000 --size 13 --handicap 4
  tengen play net:kata1-b18c384nbt.bin.gz@100 --size 19
  tengen play gtp:"gnugo --mode gtp" --color white`,
    )
    .action(runPlay);
}

async function runPlay(player: PlayerSpec | undefined, flags: Flags): Promise<void> {
  const spec: PlayerSpec =
    player ??
    (existsSync(defaultNetPath)
      ? { kind: 'net', path: defaultNetPath, visits: 200 }
      : { kind: 'playouts', visits: 1000 });
  const start = startPosition(flags);
  const pool = new SearchPool({ provider: flags.provider });
  try {
    const opened = requireOpened(await openPlayer(spec, pool));
    const terminal = new Terminal(
      start,
      flags.color === 'black' ? BLACK : WHITE,
      opened.player,
      flags,
      (position) => ownershipOf(spec, position, pool, flags.seed),
    );
    let outcome: Outcome;
    try {
      outcome = await terminal.play();
    } catch (error) {
      const isLost = spec.kind === 'gtp' && error instanceof Error && !(error instanceof CliError);
      throw isLost ? new CliError(EXIT.unavailable, error.message, { cause: error }) : error;
    } finally {
      await opened.player.close();
    }
    if (flags.json === true || outcome.result !== null)
      emit(flags.json, outcome, () => `Result: ${outcome.result}`);
  } finally {
    await pool.close();
  }
}

function startPosition(flags: Flags): Position {
  const { width, height } = flags.size;
  const most = maxHandicap(width, height);
  if (flags.handicap > most)
    throw new CliError(EXIT.usage, `A ${width}x${height} board takes at most ${most} handicap stones.`);
  const handicapStones = flags.handicap < 2 ? [] : handicapPoints(flags.handicap, width, height);
  return Position.start({ width, height, rules: rulesOf(flags), handicapStones });
}

class Terminal {
  private position: Position;
  private readonly human: Color;
  private readonly player: Player;
  private readonly rng: Rng;
  private readonly ownershipBlack: (position: Position) => Promise<Float32Array>;
  private readonly output: NodeJS.WriteStream;

  constructor(
    position: Position,
    human: Color,
    player: Player,
    flags: Flags,
    ownershipBlack: (position: Position) => Promise<Float32Array>,
  ) {
    this.ownershipBlack = ownershipBlack;
    this.position = position;
    this.human = human;
    this.player = player;
    this.rng = makeRng(flags.seed);
    this.output = flags.json === true ? process.stderr : process.stdout;
  }

  /** Plays until the game is over, the person quits or the input ends. */
  async play(): Promise<Outcome> {
    const input = createInterface({ input: process.stdin, terminal: false });
    const lines = input[Symbol.asyncIterator]();
    this.say(
      `You play ${this.human === BLACK ? 'Black (X)' : 'White (O)'} against ${this.player.name}. ${HELP}`,
    );
    try {
      while (!this.position.isOver) {
        if (this.position.toPlay === this.human) this.show();
        const end =
          this.position.toPlay === this.human ? await this.humanTurn(lines) : await this.playerTurn();
        if (end === 'quit') return this.outcome(null);
        if (end === 'resigned') return this.outcome(formatWin(opponent(this.position.toPlay), 'R'));
      }
    } finally {
      input.close();
    }
    return await this.count();
  }

  private async humanTurn(lines: AsyncIterator<string>): Promise<'played' | 'resigned' | 'quit'> {
    const { width, height } = this.position.board;
    for (;;) {
      this.output.write('> ');
      const line = await lines.next();
      // Nobody can play who no longer sees the board.
      if (line.done === true || this.output.errored !== null) return 'quit';
      const text = line.value.trim().toLowerCase();
      if (text === '') continue;
      if (text === 'quit' || text === 'exit') return 'quit';
      if (text === 'resign') return 'resigned';
      if (text === 'undo') {
        // Back over the opponent's answer to one's own last turn.
        const before = this.position.previous?.previous;
        if (before) this.position = before;
        else this.say('There is nothing to take back.');
        return 'played';
      }
      const move = parseMove(text, width, height);
      const played = move === null ? null : this.position.play(move);
      if (played?.ok) {
        this.position = played.position;
        return 'played';
      }
      this.say(played === null ? HELP : `That move is not legal (${played.reason}).`);
    }
  }

  private async playerTurn(): Promise<'played' | 'resigned'> {
    const { width, height } = this.position.board;
    const { move } = await this.player.genMove(this.position, { rng: this.rng });
    if (move === 'resign') {
      this.say(`${this.player.name} resigns.`);
      return 'resigned';
    }
    const played = this.position.play(move);
    if (!played.ok)
      throw new CliError(EXIT.failure, `${this.player.name} played an illegal move (${played.reason}).`);
    this.say(`${this.player.name} plays ${formatMove(move, width, height)}.`);
    this.position = played.position;
    return 'played';
  }

  /** Counts the end with the stones taken off that the opponent's net, or playouts, judge dead. */
  private async count(): Promise<Outcome> {
    const dead = deadStones(this.position, await this.ownershipBlack(this.position));
    const { width, height } = this.position.board;
    this.show();
    if (dead.length > 0) this.say(`Dead stones: ${dead.map((p) => formatMove(p, width, height)).join(' ')}`);
    const { scoreBlack } = scorePosition(this.position, dead);
    return this.outcome(formatScore(scoreBlack));
  }

  private outcome(result: string | null): Outcome {
    const { width, height } = this.position.board;
    return { result, moves: this.position.moves().map((move) => formatMove(move, width, height)) };
  }

  private show(): void {
    const { board, lastMove } = this.position;
    this.say(
      `${formatDiagram(board, lastMove)}\nCaptured by Black ${board.captures[BLACK]}, by White ${board.captures[WHITE]}`,
    );
  }

  private say(text: string): void {
    this.output.write(`${text}\n`);
  }
}
