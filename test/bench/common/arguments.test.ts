/** What benches make of their options. */
import { afterEach, expect, test, vi } from 'vitest';
import { benchOptions, choiceOption, numberOption, shapeOption } from '../../../bench/common/arguments.ts';
import { BenchRefusal } from '../../../bench/common/refusal.ts';

afterEach(() => void vi.unstubAllGlobals());

const OPTIONS = { size: { type: 'string', default: '9' } } as const;

/** @param argv that the process has after its script. */
function read(...argv: string[]): ReturnType<typeof benchOptions<typeof OPTIONS>> {
  vi.stubGlobal('process', { ...process, argv: ['node', 'script', ...argv] });
  return benchOptions(OPTIONS);
}

test('they are read whether a bench was started itself or by its name', () => {
  expect(read()).toEqual({ size: '9' });
  expect(read('--size', '5', '--json')).toEqual({ size: '5', json: true });
  expect(read('bench', 'board', '--size=5')).toEqual({ size: '5' });
});

test.each([
  [['--foo'], /^Unknown option '--foo'/],
  [['5'], /^Unexpected argument '5'/],
  [['--json=1'], /^Option '--json' does not take an argument/],
  [['--size='], /^--size: it says nothing; give a value, or leave it out$/],
  [['--size', '-1'], /^Option '--size' argument is ambiguous\. Did you .*'--size=-XYZ'/],
])('%j is wrong use, in one line', (argv, sentence) => {
  const refusal = (): unknown => read(...argv);
  expect(refusal).toThrow(sentence);
  expect(refusal).toThrow(BenchRefusal);
});

test('a number is whole unless told otherwise, within its bounds, and no other text', () => {
  const bounds = { min: 1, max: 30 };
  expect(numberOption('n', '30', bounds)).toBe(30);
  expect(numberOption('n', '1.5', { ...bounds, isWhole: false })).toBe(1.5);
  for (const text of ['0', '31', '1.5', 'NaN', '', ' ', 'x', 'Infinity'])
    expect(() => numberOption('n', text, bounds)).toThrow(
      `--n: give a whole number from 1 to 30, not "${text}"`,
    );
  for (const text of ['NaN', '0.9', 'Infinity'])
    expect(() => numberOption('n', text, { ...bounds, isWhole: false })).toThrow(
      `--n: give a number from 1 to 30, not "${text}"`,
    );
});

test('a choice is one of those there are', () => {
  expect(choiceOption('only', 'b', ['a', 'b'])).toBe('b');
  for (const text of ['c', ''])
    expect(() => choiceOption('only', text, ['a', 'b'])).toThrow(`--only: give a or b, not "${text}"`);
});

test('a shape is blocks and channels of a net that can be', () => {
  expect(shapeOption('nets', '4x32')).toEqual([4, 32]);
  for (const text of ['', '4', '4x', 'x32', '4x32x1', '-4x32', '4.5x32'])
    expect(() => shapeOption('nets', text)).toThrow(
      `--nets: give blocks and channels, such as 4x32, not "${text}"`,
    );
  expect(() => shapeOption('nets', '0x32')).toThrow('--nets: give a whole number from 1 to 60, not "0"');
  expect(() => shapeOption('nets', '4x9999')).toThrow('from 4 to 512, not "9999"');
});
