/** A whole net, from what it sees to what it says, in the words of `Layers`. */
import type { NetSpec } from '../spec.ts';
import { kataGoHeads, kataGoTrunk } from './katago.ts';
import type { Layers } from './layers.ts';
import { resnetTrunk, tengenHeads } from './resnet.ts';

/** All from the side to move. */
export type NetOutputs<X> = {
  /** Logits [B, H * W + 1], pass last; off the board never. */
  readonly policy: X;
  /** [B, 1] in [-1, 1]. */
  readonly value: X;
  /** Expected score and its standard deviation [B, 1] in units of `SCORE_SCALE` points; no deviation from our own heads. */
  readonly score: X;
  readonly stdev: X | null;
  /** [B, H * W] in [-1, 1]. */
  readonly ownership: X;
  /** Logits like those of the policy of the move that the opponent will answer with; where the heads have it. */
  readonly reply: X | null;
};

/** Scores are trained and given by nets in units of this many points, which makes most of them about 1. KataGo's. */
export const SCORE_SCALE = 20;

export function buildNet<X>(l: Layers<X>, { trunk, heads }: NetSpec): NetOutputs<X> {
  const top = trunk.kind === 'resnet' ? resnetTrunk(l, trunk) : kataGoTrunk(l, trunk);
  return heads.kind === 'tengen' ? tengenHeads(l, heads, top) : kataGoHeads(l, heads, top);
}
