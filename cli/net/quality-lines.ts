/** How good forecasts are, for people. */
import { mean } from 'simple-statistics';
import type { ForecastQuality, Reliability } from '#training/forecasts.ts';

/** @param nets by name. Of their draws or views, where they are more, the means alone are told. */
export function qualityLines(quality: ForecastQuality, nets: readonly string[]): string[] {
  const { nll, ece, members, memberNll, disagreement } = quality;
  const meanOf = (figure: keyof Reliability): number => mean(members.map((member) => member[figure]));
  const told = { accuracy: meanOf('accuracy'), nll: memberNll, ece: meanOf('ece') };
  return [
    `cross-entropy       ${nll.toFixed(4)} nats`,
    `calibration error   ${percent(ece)}`,
    ...(members.length === 1
      ? []
      : [
          `disagreement        ${disagreement.toFixed(4)} nats`,
          `each by itself      ${reliability(told)}, on average`,
          ...(members.length === nets.length ? nets : []).map(
            (name, i) => `                    ${reliability(members[i])}, ${name}`,
          ),
        ]),
  ];
}

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`;

const reliability = ({ accuracy, nll, ece }: Reliability): string =>
  `${percent(accuracy)} right, ${nll.toFixed(4)} nats, calibration error ${percent(ece)}`;
