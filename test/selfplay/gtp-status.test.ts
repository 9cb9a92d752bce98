/** Who lives when the game is over. */
import { expect, test } from 'vitest';
import { makeEngine, talk } from './gtp-helpers.ts';

/** Black's wall on column C and White's on E, each with its side; a black stone lost inside White's. */
const WALLS = [
  'boardsize 7',
  ...[1, 2, 3, 4, 5, 6, 7].flatMap((row) => [`play b C${row}`, `play w E${row}`]),
  'play b G4',
];
const ownershipBlack = (): Promise<Float32Array> =>
  Promise.resolve(
    Float32Array.from({ length: 49 }, (_, p) =>
      p % 7 < 3 ? 1 : p % 7 === 3 ? 0 : p === 7 * 3 + 6 ? -0.9 : -1,
    ),
  );

test('chains are dead or alive by ownership, each on its line; empty points are territory or dame', async () => {
  const engine = makeEngine({ ownershipBlack });
  await talk(engine, ...WALLS);
  expect(await talk(engine, 'final_status_list dead', 'final_status_list alive')).toEqual([
    '= G4',
    '= C7 C6 C5 C4 C3 C2 C1\nE7 E6 E5 E4 E3 E2 E1',
  ]);
  expect(await talk(engine, 'final_status_list dame', 'final_status_list seki')).toEqual([
    '= D7 D6 D5 D4 D3 D2 D1',
    '=',
  ]);
  expect(
    await talk(engine, 'final_status G4', 'final_status A1', 'final_status F1', 'final_status D1'),
  ).toEqual(['= dead', '= black_territory', '= white_territory', '= dame']);
  expect(await talk(engine, 'final_status', 'final_status pass', 'final_status_list x')).toEqual(
    Array(3).fill('? syntax error'),
  );
});

test('a chain that neither side will own, and whose life is not proved, is in seki', async () => {
  const engine = makeEngine({ ownershipBlack: () => Promise.resolve(new Float32Array(49)) });
  await talk(engine, ...WALLS);
  expect(await talk(engine, 'final_status G4', 'final_status C1')).toEqual(['= seki', '= seki']);
  // With two eyes life is no matter of opinion.
  await talk(engine, 'play b A6', 'play b B6', 'play b A2', 'play b B2');
  expect(await talk(engine, 'final_status C1')).toEqual(['= alive']);
});

test('a group whose eyes the score does not count, since they are in seki, is in seki', async () => {
  const rows = ['. X . O . O', 'X X O O O O', 'X O O . O O', 'X O . O O .'];
  const stones = rows.flatMap((row, y) =>
    row.split(' ').flatMap((c, x) => (c === '.' ? [] : [`${c === 'X' ? 'b' : 'w'} ${'ABCDEF'[x]}${4 - y}`])),
  );
  const engine = makeEngine();
  await talk(engine, 'rectangular_boardsize 6 4', 'komi 0', `set_position ${stones.join(' ')}`);
  const asked = ['final_score', 'final_status A4', 'final_status_list seki', 'final_status_list alive'];
  const [black, white] = ['B4 A3 B3 A2 A1', 'D4 F4 C3 D3 E3 F3 B2 C2 E2 F2 B1 D1 E1'];
  expect(await talk(engine, 'kata-set-rules japanese', ...asked)).toEqual([
    '=',
    '= W+4',
    '= dame',
    `= ${black}`,
    `= ${white}`,
  ]);
  expect(await talk(engine, 'kata-set-rule tax none', ...asked)).toEqual([
    '=',
    '= W+3',
    '= black_territory',
    '=',
    `= ${black}\n${white}`,
  ]);
});
