/** Players of fixed strength that the nets of every run are compared with. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import type { RulesName } from '#engine/go/rules.ts';
import type { JudgePlayer } from './judge-request.ts';
import { RANDOM_NAME } from './rating-book.ts';

export type Anchor = {
  /** On the ladder, and in the lines of matches. */
  readonly name: string;
  readonly player: JudgePlayer;
};

/** GNU Go counts its own way; it captures what it thinks dead, since games are counted as they stand. */
const GNU_GO = 'gnugo --mode gtp --level 10 --chinese-rules --capture-all-dead';
/** The name of what GNU Go is told about repetitions. */
const GNU_GO_KO = {
  simple: '--simple-ko',
  positional: '--positional-superko',
  situational: '--situational-superko',
};
/** The largest board that GNU Go 3.8 plays on. */
const GNU_GO_MAX_SIDE = 19;

/** Weakest first: random moves, a tree of 100 light playouts a move, and GNU Go at its default level where it is installed. */
export async function defaultAnchors(size: number, rules: RulesName): Promise<Anchor[]> {
  const anchors: Anchor[] = [
    { name: RANDOM_NAME, player: { kind: 'random' } },
    { name: 'playouts@100', player: { kind: 'playouts', playouts: 100 } },
  ];
  if (size <= GNU_GO_MAX_SIDE && (await runs('gnugo')))
    anchors.push({ name: 'gnugo@10', player: { kind: 'gtp', command: gnuGoCommand(rules) } });
  return anchors;
}

export function gnuGoCommand(rules: RulesName): string {
  const { ko, suicide } = RULE_PRESETS[rules];
  return [GNU_GO, GNU_GO_KO[ko], suicide ? '--allow-all-suicide' : '--forbid-suicide'].join(' ');
}

/** Whether the program is installed and tells its version. */
async function runs(program: string): Promise<boolean> {
  try {
    await promisify(execFile)(program, ['--version']);
    return true;
  } catch {
    return false;
  }
}
