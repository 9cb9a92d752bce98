/** How good forecasts are, for people. */
import type { ForecastQuality, Reliability } from '#training/forecasts.ts';

/** @param names of the members, where each is a net as it plays; of draws and views the means alone are told. */
export function qualityLines(quality: ForecastQuality, names: readonly string[] | null): string[] {
  const { nll, ece, members, memberNll, disagreement } = quality;
  const mean = (figure: keyof Reliability): number =>
    members.reduce((sum, member) => sum + member[figure], 0) / members.length;
  const told = { accuracy: mean('accuracy'), nll: memberNll, ece: mean('ece') };
  return [
    `cross-entropy       ${nll.toFixed(4)} nats`,
    `calibration error   ${percent(ece)}`,
    ...(members.length === 1
      ? []
      : [
          `disagreement        ${disagreement.toFixed(4)} nats`,
          `each by itself      ${reliability(told)}, on average`,
          ...(names ?? []).map((name, i) => `                    ${reliability(members[i])}, ${name}`),
        ]),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

const reliability = ({ accuracy, nll, ece }: Reliability): string =>
  `${percent(accuracy)} right, ${nll.toFixed(4)} nats, calibration error ${percent(ece)}`;
