/** The strengths a person may play against, weakest first. */
import type { LevelInfo } from '#server/protocol/messages.ts';

/** What chooses a move. `net` with one visit plays the policy's best move without search. */
export type Engine =
  | { readonly kind: 'random' }
  | { readonly kind: 'playouts'; readonly visits: number }
  | { readonly kind: 'net'; readonly visits: number };

export type Level = LevelInfo & { readonly engine: Engine };

const LEVELS: readonly Level[] = [
  {
    id: 'random',
    label: 'Random moves',
    description: 'Any legal move that does not fill its own eye. Good for learning how to capture.',
    engine: { kind: 'random' },
  },
  {
    id: 'playouts-50',
    label: 'Beginner',
    description: 'Tries 50 random games a move: sees captures, has no idea of shape. About 30 kyu.',
    engine: { kind: 'playouts', visits: 50 },
  },
  {
    id: 'playouts-1000',
    label: 'Novice',
    description: 'Tries 1,000 random games a move: fights well on small boards. About 20 kyu on 9x9.',
    engine: { kind: 'playouts', visits: 1000 },
  },
  {
    id: 'net',
    label: 'Network, no search',
    description: "Plays the network's first thought at once: good shape, weak reading.",
    engine: { kind: 'net', visits: 1 },
  },
  {
    id: 'net-50',
    label: 'Network, 50 visits',
    description: 'Looks at 50 positions a move: sees simple captures.',
    engine: { kind: 'net', visits: 50 },
  },
  {
    id: 'net-200',
    label: 'Network, 200 visits',
    description: 'Looks at 200 positions a move: reads short fights.',
    engine: { kind: 'net', visits: 200 },
  },
  {
    id: 'net-800',
    label: 'Network, 800 visits',
    description: 'Looks at 800 positions a move: the strongest, some seconds a move.',
    engine: { kind: 'net', visits: 800 },
  },
];

/** The levels this server can offer: those of the network need one. */
export function availableLevels(hasNet: boolean): Level[] {
  return LEVELS.filter(({ engine }) => hasNet || engine.kind !== 'net');
}

/** What analyses positions: the network when there is one. */
export function analysisEngine(hasNet: boolean): Engine {
  return hasNet ? { kind: 'net', visits: 100 } : { kind: 'playouts', visits: 1000 };
}
