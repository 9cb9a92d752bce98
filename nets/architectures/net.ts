/** A whole net, from what it sees to what it says, in the words of `Layers`. */
import type { ImageSpec, NetSpec } from '../spec.ts';
import { auxiliaryHeads, classHeads, tengenHeads } from './heads.ts';
import { kataGoHeads } from './katago.ts';
import type { Layers } from './layers.ts';
import { buildTrunk } from './trunk.ts';

/** What the heads of a net for boards say, all from the side to move. */
export type BoardHeads<X> = {
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

/** What a tap of a trunk for boards says: policy and value like those of the heads. */
export type AuxiliaryOutputs<X> = Pick<BoardHeads<X>, 'policy' | 'value'>;

export type BoardOutputs<X> = BoardHeads<X> & { readonly auxiliary: readonly AuxiliaryOutputs<X>[] };

export type ImageOutputs<X> = {
  /** Logits [B, classes]. */
  readonly classes: X;
  /** The same of each tap, where the heads have them. */
  readonly auxiliary: readonly X[];
};

/** Scores are trained and given by nets in units of this many points, which makes most of them about 1. KataGo's. */
export const SCORE_SCALE = 20;

export function buildNet<X>(l: Layers<X>, { trunk, heads }: NetSpec): BoardOutputs<X> {
  const { top, taps, signed = false } = buildTrunk(l, trunk);
  if (heads.kind === 'katago') return { ...kataGoHeads(l, heads, top), auxiliary: [] };
  const auxiliary = heads.auxiliary === true ? taps.map((tap, i) => auxiliaryHeads(l, tap, i)) : [];
  return { ...tengenHeads(l, heads, top, signed), auxiliary };
}

export function buildClassifier<X>(l: Layers<X>, { trunk, heads }: ImageSpec): ImageOutputs<X> {
  return classHeads(l, heads, buildTrunk(l, trunk));
}
