/** What people are told of forecasts. */
import { expect, test } from 'vitest';
import { Forecasts } from '#training/forecasts.ts';
import { qualityLines } from '#cli/net/quality-lines.ts';

const [sure, unsure] = [Float32Array.of(1, 0), Float32Array.of(0.5, 0.5)];

function quality(...members: Float32Array[]): Forecasts['quality'] {
  const forecasts = new Forecasts();
  forecasts.add(members, 0);
  forecasts.add(members, 1);
  return forecasts.quality;
}

test('of one net its own figures are told', () => {
  expect(qualityLines(quality(unsure), ['a'])).toEqual([
    'cross-entropy       0.6931 nats',
    'calibration error   0.00%',
  ]);
});

test('of several nets each is told by name, and the mean of them', () => {
  const lines = qualityLines(quality(unsure, sure), ['a', 'b']);
  expect(lines.slice(-3)).toEqual([
    'each by itself      50.00% right, 17.6160 nats, calibration error 25.00%, on average',
    '                    50.00% right, 0.6931 nats, calibration error 0.00%, a',
    '                    50.00% right, 34.5388 nats, calibration error 50.00%, b',
  ]);
  expect(qualityLines(quality(unsure, sure), ['a'])).toEqual(lines.slice(0, -2));
});
