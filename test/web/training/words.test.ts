/** Figures, addresses and settings as the page writes and reads them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisFormat, describeAt } from '../../../web/src/state/training/axis-words.ts';
import { configRows } from '../../../web/src/state/training/config-table.ts';
import {
  formatAge,
  formatDuration,
  formatElo,
  formatNumber,
  formatShare,
  spelledOut,
} from '../../../web/src/state/training/format.ts';
import { makeRoute, parseRoute, VIEWS } from '../../../web/src/state/training/route.ts';

describe('figures', () => {
  it('have three or four digits and a unit', () => {
    const written = [0, 0.02, 0.000_012, 3.14159, 271.83, 1234.4, 12_345, 4.56e6, -1500, 2e9].map(
      formatNumber,
    );
    expect(written).toEqual([
      '0',
      '0.02',
      '1.2e-5',
      '3.14',
      '271.8',
      '1,234',
      '12.3k',
      '4.56M',
      '-1,500',
      '2G',
    ]);
    expect(formatNumber(Number.NaN)).toBe('not a number');
    expect([0, 0.005, 0.05, 0.5, 1].map(formatShare)).toEqual(['0%', '0.5%', '5%', '50%', '100%']);
    expect(formatElo(-87.4)).toBe('−87');
  });

  it('of time are told in the two largest units', () => {
    const written = [5, 89, 600, 3600, 12_000, 86_400, 187_200].map(formatDuration);
    expect(written).toEqual(['5 s', '89 s', '10 min', '1 h', '3 h 20 min', '1 d', '2 d 4 h']);
    expect([formatAge(3000), formatAge(720_000)]).toEqual(['just now', '12 min ago']);
  });

  it('of places on an axis say what is counted', () => {
    expect([describeAt(1234.5, 'step'), describeAt(12_345, 'games'), describeAt(600, 'time')]).toEqual([
      'step 1,235',
      '12.3k games',
      '10 min',
    ]);
    expect([axisFormat(0, 'time'), axisFormat(7200, 'time'), axisFormat(5000, 'step')]).toEqual([
      '0',
      '2 h',
      '5,000',
    ]);
  });

  it('are named in words', () => {
    expect([spelledOut('totalLoss'), spelledOut('learningRate')]).toEqual(['Total loss', 'Learning rate']);
  });
});

describe('an address', () => {
  it('read back shows the same, whatever the runs are called', () => {
    const name = fc.string({ minLength: 1, unit: 'grapheme' });
    const route = fc.record({
      run: name,
      compare: fc.option(name),
      view: fc.constantFrom(...VIEWS),
      over: fc.constantFrom('step' as const, 'games' as const, 'time' as const),
    });
    fc.assert(
      fc.property(route, (shown) => {
        fc.pre(shown.run !== shown.compare);
        expect(parseRoute(makeRoute(shown))).toEqual(shown);
      }),
    );
  });

  it('that says nothing sensible shows the list of runs', () => {
    for (const hash of ['', '#', '#run=&view=nothing&over=%zz', '#compare=a'])
      expect(parseRoute(hash)).toEqual({ run: null, compare: null, view: 'curves', over: 'step' });
    expect(parseRoute('#run=a&compare=a').compare).toBeNull();
  });
});

describe('settings', () => {
  it('are a row for each field, however deep, and short lists in one', () => {
    const config = { seed: 1, boards: [{ size: 9 }, { size: 13 }], rules: ['aga'], empty: {}, nothing: null };
    expect(configRows(config).map(({ name, value }) => `${name} = ${value}`)).toEqual([
      'seed = 1',
      'boards.0.size = 9',
      'boards.1.size = 13',
      'rules = ["aga"]',
      'empty = {}',
      'nothing = null',
    ]);
  });

  it('differ where a value does, or where one run has no such field', () => {
    const rows = configRows({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 }, d: 'x' });
    expect(rows).toEqual([
      { name: 'a', value: '1', other: '1', differs: false },
      { name: 'b.c', value: '2', other: '3', differs: true },
      { name: 'd', value: null, other: '"x"', differs: true },
    ]);
    expect(configRows({ a: 1 }, null).every(({ differs }) => differs)).toBe(true);
  });

  it('never differ from themselves', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (config) => {
        expect(configRows(config, config).some(({ differs }) => differs)).toBe(false);
      }),
    );
  });
});
