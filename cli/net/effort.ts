/** `tengen net effort`: how often the slope of a net's differential equation is evaluated, and on which positions more. */
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import { netPath } from '#nets/net-files.ts';
import { effortOnGames } from '#training/effort.ts';
import type { Correlation, Correlations, Effort } from '#training/effort.ts';
import { alignedTable } from '#training/text-table.ts';
import { CliError, EXIT, emit } from '../common.ts';
import { withRecords } from '../records.ts';
import { load } from './common.ts';

type Flags = {
  readonly games: string[];
  readonly holdOut: number;
  readonly every: number;
  readonly json?: boolean;
};

export async function effort(net: string, { games, json, ...options }: Flags): Promise<void> {
  const path = netPath(net);
  const loaded = load(path);
  const { trunk } = loaded.spec;
  if (trunk.kind !== 'ode' || trunk.solver.kind !== 'dopri5')
    throw new CliError(
      EXIT.badInput,
      trunk.kind === 'ode'
        ? `${path}: its differential equation is solved in steps of one size; name a tolerance, as in ${path}#rtol=0.01`
        : `${path}: its trunk is no differential equation`,
    );
  const measured = await withRecords(games, async (files, report) => {
    const opened = await openRawNet(loaded, { threads: 2 });
    try {
      return await effortOnGames(opened, files, { ...options, ...report });
    } finally {
      await opened.close();
    }
  });
  if (measured === null)
    throw new CliError(EXIT.badInput, 'None of the games is held out and readable; --hold-out 1 takes all.');
  emit(json, { net: path, ...measured }, () => effortText(measured));
}

function effortText({ positions, evaluations, shares, policyEntropy, doubt, stones }: Effort): string {
  const number = (value: number): string => value.toFixed(2);
  const told = ({ value, interval }: Correlation): string => {
    if (Number.isNaN(value)) return 'none';
    return interval === null
      ? number(value)
      : `${number(value)} (${number(interval.low)} to ${number(interval.high)})`;
  };
  const row = (name: string, { alone, atEqualStones }: Correlations): string[] => [
    name,
    told(alone),
    told(atEqualStones),
  ];
  const counts = Object.entries(shares).map(([count, share]) => `${count} (${(100 * share).toFixed(0)}%)`);
  return [
    `${evaluations.toFixed(1)} evaluations of the slope a position, in ${positions} positions: ${counts.join(', ')}`,
    alignedTable(
      ['their rank correlation (95%) with', 'alone', 'at equal stones'],
      [
        row('entropy of the policy', policyEntropy),
        row('1 - |value|', doubt),
        ['stones on the board', told(stones), ''],
      ],
      { right: [1, 2] },
    ),
  ].join('\n');
}
