/** FractalNet (Larsson et al. 2017): columns of different depth side by side, each of them a net of its own. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, Rate, Scale, convRelu, entryRelu, halve, widths } from './parts.ts';

const Columns = z.int().min(1).max(6);

export const FractalTrunk = z
  .strictObject({
    kind: z.literal('fractal'),
    scale: Scale,
    /** Columns C of each block; the deepest has 2^(C - 1) convolutions. */
    columns: Columns,
    /** Channels of each block. */
    blocks: z.array(Channels).min(1).max(8),
    /** Chance of each path to be dropped where paths join; 0.15 in the paper. */
    dropPath: Rate,
    /** Builds this column alone, counted from the shallowest, 1; its weights are called the same. */
    column: Columns.optional(),
  })
  .refine(({ columns, column = 1 }) => column <= columns, {
    path: ['column'],
    error: 'there are not as many columns',
  });
export type FractalTrunk = z.infer<typeof FractalTrunk>;

const NORM = { norm: true } as const;

export function fractalTrunk<X>(l: Layers<X>, trunk: FractalTrunk): TrunkOutputs<X> {
  let x = entryRelu(l, trunk.blocks[0], 3, NORM);
  trunk.blocks.forEach((channels, b) => {
    const name = `trunk/block${b}`;
    x = halve(l, `${name}/pool`, fractalBlock(l, name, x, channels, trunk), trunk.scale);
  });
  return { top: x, taps: [] };
}

/**
 * f_1 = conv, f_(C+1) = f_C after f_C joined with conv (section 3). Unrolled into 2^(C - 1) steps: column c
 * makes a convolution every 2^(C - c) of them, and all columns that end a convolution at the same step are joined.
 */
function fractalBlock<X>(
  l: Layers<X>,
  name: string,
  x: X,
  channels: number,
  { columns, column, dropPath }: FractalTrunk,
): X {
  const built = column === undefined ? Array.from({ length: columns }, (_, i) => i + 1) : [column];
  const inputs = new Map(built.map((c) => [c, x]));
  let top = x;
  for (let step = 1; step <= 2 ** (columns - 1); step++) {
    const ending = built.filter((c) => step % 2 ** (columns - c) === 0);
    if (ending.length === 0) continue;
    const paths = ending.map((c) => {
      const place = `${name}/column${c}/layer${step / 2 ** (columns - c) - 1}`;
      return convRelu(l, place, inputs.get(c) as X, channels, 3, NORM);
    });
    top =
      paths.length === 1
        ? paths[0]
        : l.join(`${name}/join${step}`, paths, {
            dropPath,
            columns: ending.map((c) => c - 1),
            columnCount: columns,
          });
    for (const c of ending) inputs.set(c, top);
  }
  return top;
}

/** Five blocks as in the paper's section 4, at width 64; two of one width for boards. */
export function fractalOf(scale: Scale, width: number, columns: number): FractalTrunk {
  const factors = scale === 'image' ? [1, 2, 4, 8, 8] : [1, 1];
  return { kind: 'fractal', scale, columns, blocks: widths(scale, width, factors), dropPath: 0.15 };
}
