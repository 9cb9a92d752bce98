/** Another Go program as a player: keeps its board in step with ours and asks it for moves. */
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import { formatMove, parseMove } from '#engine/record/coordinates.ts';
import { historyOf, stonesOf } from '#engine/record/game-record.ts';
import { formatColor } from '#engine/record/gtp.ts';
import { IllegalMoveError } from './illegal-move.ts';
import type { GenMoveOptions } from './player.ts';
import { startGtp, type GtpController, type GtpControllerOptions } from './gtp-controller.ts';

type Ply = { readonly color: Color; readonly move: Move };

export class GtpPlayer {
  readonly name: string;
  private readonly controller: GtpController;
  /** What the engine's board holds; null before the first game. */
  private start: Position | null = null;
  private plies: Ply[] = [];

  constructor(controller: GtpController, name: string) {
    this.controller = controller;
    this.name = name;
  }

  /**
   * The engine's move; it is not played on the engine's board for good until `position` holds it.
   * Rejects with a readable sentence where the engine fails, ends or answers with an illegal move, and at once with the
   * signal's reason where `signal` or `stop` aborts: the engine, which cannot be asked to hurry, is gone then.
   * @param options `rng` seeds the engine's own generator at the beginning of a game, where it has GNU Go's set_random_seed.
   */
  genMove(
    position: Position,
    { rng, signal, stop }: Partial<Pick<GenMoveOptions, 'rng' | 'signal' | 'stop'>> = {},
  ): Promise<{ move: Move | 'resign' }> {
    const signals = [signal, stop].filter((given) => given !== undefined);
    return this.controller.whileKept(() => this.moveFor(position, rng), AbortSignal.any(signals));
  }

  async close(): Promise<void> {
    await this.controller.close();
  }

  private async moveFor(position: Position, rng: Rng | undefined): Promise<{ move: Move | 'resign' }> {
    await this.follow(position, rng);
    const { width, height } = position.board;
    const text = (await this.ask('genmove', formatColor(position.toPlay))).split(/\s/)[0];
    if (/^resign$/i.test(text)) return { move: 'resign' };
    const move = parseMove(text, width, height);
    if (move === null || !position.isLegal(move))
      throw new IllegalMoveError(
        `The GTP engine ${this.name} answered genmove with the illegal move "${text}".`,
      );
    this.plies.push({ color: position.toPlay, move });
    return { move };
  }

  /** Sends only the moves the engine has not seen, or the whole game where it has seen another. */
  private async follow(position: Position, rng: Rng | undefined): Promise<void> {
    const { start, moves: plies } = historyOf(position);
    const { board, rules } = start;
    const isSame =
      this.start === start &&
      this.plies.length <= plies.length &&
      this.plies.every(({ color, move }, i) => plies[i].color === color && plies[i].move === move);
    if (!isSame) {
      this.start = null; // until the whole set-up has succeeded
      // An engine that does not know the command refuses it, and one that has ended says so at the next.
      if (rng !== undefined) await this.controller.send('set_random_seed', `${rng.nextInt(2 ** 31)}`);
      if (board.width === board.height) await this.ask('boardsize', `${board.width}`);
      else await this.ask('rectangular_boardsize', `${board.width}`, `${board.height}`);
      await this.ask('clear_board');
      await this.ask('komi', `${rules.komi}`);
      // White's first: stones with which Black begins are a handicap to some engines.
      const stones = [...stonesOf(board, WHITE), ...stonesOf(board, BLACK)];
      const vertices = stones.map((point) => formatMove(point, board.width, board.height));
      if (start.moveNumber === 0 && start.handicap > 1 && start.handicap === stones.length)
        await this.ask('set_free_handicap', ...vertices);
      else
        for (const [i, point] of stones.entries())
          await this.ask('play', formatColor(board.stones[point] as Color), vertices[i]);
      this.start = start;
      this.plies = [];
    }
    for (const ply of plies.slice(this.plies.length)) {
      await this.ask('play', formatColor(ply.color), formatMove(ply.move, board.width, board.height));
      this.plies.push(ply);
    }
  }

  private async ask(command: string, ...args: string[]): Promise<string> {
    const answer = await this.controller.send(command, ...args);
    if (!answer.ok) throw new Error(`${answer.message.slice(0, -1)} (${[command, ...args].join(' ')}).`);
    return answer.text;
  }
}

/** Starts `commandLine` as a player; for example `gnugo --mode gtp --level 1`. */
export async function openGtpPlayer(
  commandLine: string,
  options: GtpControllerOptions = {},
): Promise<{ ok: true; player: GtpPlayer } | { ok: false; message: string }> {
  const started = await startGtp(commandLine, options);
  return started.ok ? { ok: true, player: new GtpPlayer(started.controller, started.name) } : started;
}
