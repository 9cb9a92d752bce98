/** How good forecasts are, for people. */
import type { ForecastQuality } from '#training/forecasts.ts';

/** @param members nets, or draws of them. */
export function qualityLines(
  { nll, memberNll, ece, disagreement }: ForecastQuality,
  members: number,
): string[] {
  return [
    `cross-entropy       ${nll.toFixed(4)} nats`,
    `calibration error   ${(100 * ece).toFixed(2)}%`,
    ...(members === 1
      ? []
      : [
          `each by itself      ${memberNll.toFixed(4)} nats on average`,
          `disagreement        ${disagreement.toFixed(4)} nats`,
        ]),
  ];
}
