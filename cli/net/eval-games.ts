/** `tengen net eval --games`: how well nets predict game records. */
import type { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { dropoutEvaluators } from '#nets/dropout-evaluators.ts';
import type { NetEvaluator } from '#nets/evaluator.ts';
import { evaluateOnGames } from '#training/evaluate.ts';
import type { Interval } from '#selfplay/statistics.ts';
import type { Accuracy } from '#training/evaluate.ts';
import type { GameFile } from '#training/game-files.ts';
import { recordPositions } from '#training/record-positions.ts';
import { shuffled } from '#training/spread.ts';
import { startTensors, type BackendFlags } from '../backend-options.ts';
import { CliError, EXIT, emit, requireOpened } from '../common.ts';
import { withRecords } from '../records.ts';
import { load, requireDropout } from './common.ts';
import { qualityLines } from './quality-lines.ts';

export type GameFlags = BackendFlags & {
  readonly holdOut: number;
  readonly all?: boolean;
  /** Of the board, whose mean is measured. */
  readonly symmetries?: number;
  /** Draws of dropout whose mean is measured. */
  readonly mcDropout?: number;
  readonly json?: boolean;
};

export async function evaluateGames(
  paths: readonly string[],
  games: string[],
  flags: GameFlags,
): Promise<void> {
  const { symmetries = 1 } = flags;
  const holdOut = flags.all === true ? 1 : flags.holdOut;
  const members: NetEvaluator[] = [];
  const { accuracy, skipped } = await withRecords(games, async (files, report) => {
    if (flags.mcDropout !== undefined) await startTensors(flags);
    const open = flags.mcDropout === undefined ? openPlayed : drawsOpener(files, flags.mcDropout);
    try {
      for (const path of paths) members.push(...(await open(path)));
      const accuracy = await evaluateOnGames(members, files, { holdOut, symmetries, ...report });
      return { accuracy, skipped: Object.fromEntries(report.skipped) };
    } finally {
      for (const member of members) await member.close();
    }
  });
  if (accuracy.games === 0)
    throw new CliError(
      EXIT.badInput,
      'None of the games is held out and readable; add --all to measure every game.',
    );
  emit(flags.json, { net: paths.join(' '), ...accuracy, skipped }, () => accuracyTable(accuracy, paths));
}

/** Positions of the games that statistics under dropout are of; which moves were played is not looked at. */
const USUAL = { holdOut: 1, examples: 1024 };

/** A net as it plays. */
const openPlayed = async (path: string): Promise<readonly NetEvaluator[]> => [
  requireOpened(await openEvaluator(path, { threads: 2 })).evaluator,
];

/** Opens draws of nets' dropout; the games are gone through once, for the first net. */
function drawsOpener(
  games: readonly GameFile[],
  draws: number,
): (path: string) => Promise<readonly NetEvaluator[]> {
  let usual: readonly Position[] | undefined;
  return async (path) => {
    const net = load(path);
    requireDropout(path, net.spec);
    usual ??= shuffled(
      recordPositions(games, { ...USUAL, skipped: new Map() }).map(({ position }) => position),
      makeRng(1),
    );
    const opened = await dropoutEvaluators(net, draws, usual);
    if (!opened.ok) throw new CliError(EXIT.badInput, `${path}: ${opened.message}`);
    return opened.evaluators;
  };
}

function accuracyTable(accuracy: Accuracy, nets: readonly string[]): string {
  const percent = (share: number): string =>
    Number.isNaN(share) ? 'no results' : `${(100 * share).toFixed(1)}%`;
  const within = (interval: Interval | null): string =>
    interval === null ? '' : ` (95% by games: ${percent(interval.low)} to ${percent(interval.high)})`;
  const { ownership, scoreError } = accuracy;
  return [
    `games               ${accuracy.games}`,
    `positions           ${accuracy.positions}`,
    `policy top-1        ${percent(accuracy.top1)}${within(accuracy.top1Interval)}`,
    `policy top-5        ${percent(accuracy.top5)}`,
    ...qualityLines(accuracy.policy, nets),
    `value MSE           ${accuracy.valueMse.toFixed(3)}`,
    `value sign          ${percent(accuracy.valueSign)}${within(accuracy.valueSignInterval)}; always the colour that won more often ${percent(accuracy.majority)}`,
    ownership === null
      ? 'ownership           unknown: no game was played out to its end'
      : `ownership           ${percent(ownership.accuracy)}, ${percent(ownership.accuracyLate)} in the last 30 moves; mean IoU ${percent(ownership.meanIou)}`,
    ...(scoreError === null ? [] : [`score               ${scoreError.toFixed(2)} points off on average`]),
  ].join('\n');
}
