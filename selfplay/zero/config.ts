/** Everything that games of self-play depend on, as plain data, each with its scale and source. */
import { z } from 'zod';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import type { RulesName } from '#engine/go/rules.ts';
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';

const share = z.number().min(0).max(1);
const nonNegative = z.number().min(0);
const ruleNames = Object.keys(RULE_PRESETS) as [RulesName, ...RulesName[]];

const Board = z.strictObject({
  size: z.int().min(2).max(MAX_BOARD_SIDE),
  /** How often it is drawn, in proportion to the others. */
  weight: z.number().positive().default(1),
  /** Mean komi in points. */
  komi: z.number().min(-150).max(150).default(7),
});

export const SelfPlayConfig = z
  .strictObject({
    boards: z
      .array(Board)
      .min(1)
      .default([{ size: 9, weight: 1, komi: 7 }]),
    /** Drawn evenly, so that a net plays as well by one as by another: the nets are shown the rules, and what they never saw confuses them; the game is counted by area as it stands under each, so presets that count territory are refused. */
    rules: z
      .array(z.enum(ruleNames))
      .min(1)
      .default(['tromp-taylor', 'chinese', 'aga', 'new-zealand'])
      .refine((names) => names.every((name) => RULE_PRESETS[name].scoring === 'area'), {
        message: 'self-play counts area; leave rules out that count territory',
      }),
    /** Standard deviation of komi in points. KataGo's 1. */
    komiStdev: nonNegative.default(1),
    /** Share of games with a wide komi, and its standard deviation. KataGo's 6% and 12 on 19x19, smaller here for smaller boards. */
    komiWideShare: share.default(0.05),
    komiWideStdev: nonNegative.default(5),

    algorithm: z.enum(['gumbel', 'puct']).default('gumbel'),
    /** Root visits of a full search, whose result is learned from. The paper of Gumbel AlphaZero learns 9x9 from 16. */
    visits: z.int().min(2).max(100_000).default(16),
    /** Gumbel: simulations for each move that a full search considers: more moves than play would, because what is learned of a move is learned by trying it (docs/selfplay.md). */
    simulationsAnAction: z.number().min(1).default(2),
    /** Share of moves that get a full search (playout cap randomisation, Wu 2019, section 3.1). */
    fullShare: share.default(0.5),
    /** Root visits of the others, which are played without noise; 1 follows the policy alone. */
    cheapVisits: z.int().min(1).max(100_000).default(6),
    /** Whether the positions of cheap searches are recorded too, as when a strong teacher's opinion is worth learning anyway. */
    recordCheap: z.boolean().default(false),
    /** Whether the net's own opinion of the ownership is recorded, to be learned from. */
    recordOwnership: z.boolean().default(false),
    /** PUCT: share and concentration of the Dirichlet noise of full searches. AlphaZero's and KataGo's. */
    noiseWeight: share.default(0.25),
    noiseConcentration: z.number().positive().default(10.83),
    /** PUCT: root moves get at least sqrt(this * prior * visits) visits, which the target leaves out again. KataGo's 2. */
    forcedPlayouts: nonNegative.default(2),
    /** Priors of the root of full PUCT searches are taken to the power of 1 / this. KataGo's falls from 1.25 to 1.1; this stays. */
    rootPolicyTemperature: z.number().positive().default(1.1),

    /** Mean number of first moves drawn from the policy alone, exponentially distributed, as a share of the points. KataGo's 0.04. */
    openingShare: nonNegative.default(0.04),
    /** Temperature of these. KataGo's 1. */
    openingTemperature: z.number().positive().default(1),
    /** Moves, as a share of the points, over which the temperature of the choice halves, from 0.8 (PUCT) or full Gumbel noise. KataGo's temperatureHalflife is the side of the board. */
    noiseHalflifeShare: z.number().positive().default(0.2),

    /** Share of games in which nobody may resign, to calibrate resignation. AlphaGo Zero's 10%. */
    playOnShare: share.default(0.1),
    /** Games that a side which did not lose would have resigned at most, as a share of games played on; 0 switches resignation off. AlphaGo Zero's 5%. */
    falseResignations: share.default(0.05),
    /** Moves after which a game is counted as it stands, as a share of the points. */
    moveLimitShare: z.number().positive().default(3),
    /** Positions to start from, in place of the empty board: files of SGF records, and the share of games that do. */
    startFiles: z.array(z.string()).default([]),
    startShare: share.default(0),
  })
  .refine(({ startShare, startFiles }) => startShare === 0 || startFiles.length > 0, {
    path: ['startFiles'],
    message: 'games are to start from given positions, but no files are named',
  })
  .refine(({ startShare, startFiles }) => startShare > 0 || startFiles.length === 0, {
    path: ['startShare'],
    message: 'files of positions to start from are named; give the share of games that do',
  })
  .refine(({ fullShare, recordCheap }) => fullShare > 0 || recordCheap, {
    path: ['fullShare'],
    message:
      'without full searches there is nothing to learn from; give a share above 0, or recordCheap as well',
  });
export type SelfPlayConfig = z.infer<typeof SelfPlayConfig>;
