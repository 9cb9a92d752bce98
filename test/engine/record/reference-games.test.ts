/** Real records: every one replays, and the CGOS games that end in two passes score as recorded. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { replay, type GameRecord } from '#engine/record/game-record.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';

const folder = new URL('../../../../shared/data/games/', import.meta.url);
const present = existsSync(folder);
const files = present ? readdirSync(folder).filter((name) => name.endsWith('.sgfs.gz')) : [];
function* games(file: string): Generator<GameRecord> {
  const lines = gunzipSync(readFileSync(new URL(file, folder)))
    .toString('utf8')
    .split('\n');
  for (let i = 0; i < lines.length; i++) {
    if (lines[i] === '') continue;
    const parsed = parseSgf(lines[i]);
    if (!parsed.ok) throw new Error(`${file} line ${i + 1}: ${parsed.message}`);
    const game = gameFromSgf(parsed.games[0]);
    if (!game.ok) throw new Error(`${file} line ${i + 1}: ${game.message}`);
    yield game.value;
  }
}

/** The number of the first move that is occupied, retakes a ko at once or is suicide, or 0. */
function firstIllegal({ width, height, setup, moves }: GameRecord): number {
  const board = new Board(width, height);
  for (const point of setup.black) board.place(point, BLACK);
  for (const point of setup.white) board.place(point, WHITE);
  for (const [index, { color, move }] of moves.entries()) {
    if (!board.isLegal(move, color, false)) return index + 1;
    board.play(move, color);
  }
  return 0;
}

describe.skipIf(!present)(
  `reference games${present ? '' : ' (skipped: ../shared/data/games is not here)'}`,
  () => {
    test.each(files)('every record of %s replays without occupied, ko or suicide moves', (file) => {
      let count = 0;
      for (const game of games(file)) {
        count++;
        if (firstIllegal(game) !== 0)
          expect.fail(`${file}, game ${count}: move ${firstIllegal(game)} is illegal`);
      }
      expect(count).toBeGreaterThan(300);
    });

    test('area scoring reproduces the result of every CGOS game that ends in two passes', () => {
      let scored = 0;
      for (const game of games('9x9-cgos.sgfs.gz')) {
        const result = replay(game);
        if (!result.ok) throw new Error(result.message);
        const margin = /^([BW])\+([\d.]+)$/.exec(game.result);
        if (!result.position.isOver || (margin === null && game.result !== '0')) continue;
        const expected = margin === null ? 0 : (margin[1] === 'B' ? 1 : -1) * Number(margin[2]);
        expect(scorePosition(result.position).scoreBlack).toBe(expected);
        scored++;
      }
      expect(scored).toBeGreaterThan(800);
    });
  },
);
