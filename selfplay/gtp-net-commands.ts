/** KataGo's GTP command that shows what the net alone thinks. */
import { WHITE } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Evaluation } from '#engine/search/evaluator.ts';
import { SYNTAX_ERROR, done, parseWhole } from './gtp-answer.ts';
import type { Commands } from './gtp-command.ts';
import type { GtpEngineOptions, GtpSession } from './gtp-session.ts';

export function netCommands(
  session: GtpSession,
  evaluate: NonNullable<GtpEngineOptions['evaluate']>,
): Commands {
  return {
    'kata-raw-nn': async ([text]) => {
      const symmetries =
        text === 'all' ? Array.from({ length: SYMMETRY_COUNT }, (_, i) => i) : [parseWhole(text)];
      if (!symmetries.every((symmetry) => symmetry !== null && symmetry < SYMMETRY_COUNT))
        return SYNTAX_ERROR;
      const position = session.game.positionFor(session.game.position.toPlay);
      const evaluations = await evaluate(position, symmetries as number[]);
      return done(evaluations.map((each, i) => rawText(each, symmetries[i] as number, position)).join('\n'));
    },
  };
}

/**
 * Keys and values in KataGo's order. Values that our evaluations do not hold (noResult, whiteScoreSelfplay and what comes
 * of it, varTimeLeft, shortterm errors) are left out, as is what this net does not know.
 */
function rawText(evaluation: Evaluation, symmetry: number, position: Position): string {
  const { valueToPlay, scoreToPlay, ownershipToPlay } = evaluation;
  const { width, height, area } = position.board;
  const white = position.toPlay === WHITE ? 1 : -1;
  const policy = legalPolicy(evaluation.policyLogits, position);
  const grid = (values: ArrayLike<number>, text: (value: number) => string): string =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (__, x) => text(values[y * width + x])).join(' '),
    ).join('\n');
  const lines = [
    `symmetry ${symmetry}`,
    `whiteWin ${((1 + white * valueToPlay) / 2).toFixed(6)}`,
    `whiteLoss ${((1 - white * valueToPlay) / 2).toFixed(6)}`,
  ];
  if (!Number.isNaN(scoreToPlay)) lines.push(`whiteLead ${(white * scoreToPlay).toFixed(3)}`);
  lines.push(
    'policy',
    grid(policy, (share) => (Number.isNaN(share) ? '    NAN' : share.toFixed(6))),
    `policyPass ${policy[area].toFixed(6)}`,
  );
  if (ownershipToPlay !== null) {
    const owners = ownershipToPlay.map((owner) => white * owner);
    lines.push(
      'whiteOwnership',
      grid(owners, (owner) => owner.toFixed(7)),
    );
  }
  return lines.join('\n');
}

/** float64 [A]: softmax over the legal moves, NaN for the others. */
function legalPolicy(logits: Float32Array, position: Position): Float64Array {
  const policy = Float64Array.from(logits, (logit, move) => (position.isLegal(move) ? logit : NaN));
  const most = policy.reduce((a, b) => (b > a ? b : a), -Infinity);
  const weights = policy.map((logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => (Number.isNaN(b) ? a : a + b), 0);
  return weights.map((weight) => weight / sum);
}
