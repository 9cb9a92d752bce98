/** KataGo's GTP commands about the net: which it is, and what it thinks alone. */
import { WHITE } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import { legalPolicy } from '#engine/search/legal-policy.ts';
import type { RawOpinion } from '#nets/inference/raw-opinion.ts';
import { SYNTAX_ERROR, done, parseWhole } from './gtp-answer.ts';
import type { Commands } from './gtp-command.ts';
import type { GtpNet, GtpSession } from './gtp-session.ts';

export function netCommands(session: GtpSession, { models, rawOpinions }: GtpNet): Commands {
  return {
    'kata-get-models': () => done(JSON.stringify(models())),
    'kata-raw-nn': async ([text]) => {
      const symmetries =
        text === 'all' ? Array.from({ length: SYMMETRY_COUNT }, (_, i) => i) : [parseWhole(text)];
      if (!symmetries.every((symmetry) => symmetry !== null && symmetry < SYMMETRY_COUNT))
        return SYNTAX_ERROR;
      const position = session.game.positionFor(session.game.position.toPlay);
      const opinions = await rawOpinions(position, symmetries as number[]);
      return done(opinions.map((each, i) => rawText(each, symmetries[i] as number, position)).join('\n'));
    },
  };
}

/** Keys and values in KataGo's order; what a net does not say is left out. */
function rawText({ evaluation, heads }: RawOpinion, symmetry: number, position: Position): string {
  const { valueToPlay, scoreToPlay, ownershipToPlay } = evaluation;
  const { width, height, area } = position.board;
  const white = position.toPlay === WHITE ? 1 : -1;
  const policy = legalPolicy(evaluation.policyLogits, position);
  const grid = (values: ArrayLike<number>, text: (value: number, point: number) => string): string =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (__, x) => text(values[y * width + x], y * width + x)).join(' '),
    ).join('\n');
  // A net that does not say how games end without result plays none.
  const { win, loss } = heads ?? { win: (1 + valueToPlay) / 2, loss: (1 - valueToPlay) / 2 };
  const [whiteWin, whiteLoss] = white === 1 ? [win, loss] : [loss, win];
  const lines = [
    `symmetry ${symmetry}`,
    `whiteWin ${whiteWin.toFixed(6)}`,
    `whiteLoss ${whiteLoss.toFixed(6)}`,
  ];
  const tell = (name: string, value: number | undefined, digits: number): void => {
    if (value !== undefined && !Number.isNaN(value)) lines.push(`${name} ${value.toFixed(digits)}`);
  };
  tell('noResult', heads?.noResult, 6);
  tell('whiteLead', white * scoreToPlay, 3);
  tell('whiteScoreSelfplay', heads === null ? undefined : white * heads.scoreMean, 3);
  tell('whiteScoreSelfplaySq', heads?.scoreMeanSquare, 3);
  tell('varTimeLeft', heads?.varianceTime, 3);
  tell('shorttermWinlossError', heads?.valueError, 3);
  tell('shorttermScoreError', heads?.scoreError, 3);
  lines.push(
    'policy',
    grid(policy, (share, point) => (position.isLegal(point) ? share.toFixed(6) : '    NAN')),
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
