/** Plain nets, ResNets and ResNeXts: stages of blocks that differ in what their branches hold and where norms and relus sit. */
import { z } from 'zod';
import type { ConvOptions, Layers, TrunkOutputs } from './layers.ts';
import { Channels, Scale, entry, normRelu, widths } from './parts.ts';

const Stage = z.strictObject({
  blocks: z.int().min(1).max(200),
  channels: Channels,
  /** Of the 3x3 convolution of a bottleneck, which lies between two of 1x1; without it a branch is two convolutions of 3x3. */
  narrow: Channels.optional(),
});
type Stage = z.infer<typeof Stage>;

export const ResidualTrunk = z
  .strictObject({
    kind: z.literal('residual'),
    scale: Scale,
    /** Filters of the first convolution, 3x3. */
    stem: Channels,
    /** In nets for images each stage but the first halves the map. */
    stages: z.array(Stage).min(1).max(8),
    /** Of the 3x3 convolutions of bottlenecks: the cardinality of ResNeXt (Xie et al. 2017). */
    groups: z.int().min(1).max(256),
    /**
     * A block of input x and branch F, conv (bn relu conv)*: plain relu(bn F(x)); original relu(bn F(x) + x) (He et al.
     * 2016a, figure 2); bn-after-add relu(bn(F(x) + x)) and pre-activation F(relu(bn x)) + x (He et al. 2016b, figure 4b and e).
     */
    form: z.enum(['plain', 'original', 'bn-after-add', 'pre-activation']),
    /** Whether 1x1 convolutions take the place of all shortcuts, or only of those between different shapes (He et al. 2016a, section 4.1, C and B). */
    shortcut: z.enum(['identity', 'projection']),
    /** Without batch norms, convolutions have biases. */
    norm: z.boolean(),
    init: z.enum(['he', 'glorot', 'lecun']),
    /**
     * How branches start: as `init` says; with the last convolution scaled by L^(-1/2) for L blocks, so that their sum does not
     * grow with depth; giving nothing but 0, by the last convolution or where a norm follows it by its gamma (Goyal et al. 2017,
     * section 5.1); or by Fixup (Zhang et al. 2019, section 3), where the last of m convolutions is 0, the others are scaled by
     * L^(-1/(2m - 2)), and a scale and shift that are learned end the branch, here one for each channel.
     */
    start: z.enum(['unscaled', 'scaled', 'zero', 'fixup']),
  })
  .refine(({ stages, groups }) => groups === 1 || stages.every(({ narrow = 1 }) => narrow % groups === 0), {
    path: ['groups'],
    error: 'narrow of each stage has to be a multiple of it; without narrow it has to be 1',
  })
  .refine(({ norm, start }) => !norm || start !== 'fixup', {
    path: ['start'],
    error: 'fixup takes the place of batch norms: it goes with norm: false',
  });
export type ResidualTrunk = z.infer<typeof ResidualTrunk>;

export function residualTrunk<X>(l: Layers<X>, trunk: ResidualTrunk): TrunkOutputs<X> {
  const { scale, stem, stages, form, norm, init } = trunk;
  const preActivated = form === 'pre-activation';
  const input = entry(l, stem, 3, { init, bias: !norm });
  let x = preActivated ? input : normRelu(l, 'trunk/bn', input, { norm });
  let [channels, block] = [stem, 0];
  stages.forEach((stage, s) => {
    for (let i = 0; i < stage.blocks; i++) {
      const stride = scale === 'image' && s > 0 && i === 0 ? 2 : 1;
      const changes = stride > 1 || channels !== stage.channels;
      const shape = { ...stage, stride, projects: changes || trunk.shortcut === 'projection' };
      x = residualBlock(l, `trunk/block${block++}`, x, shape, trunk);
      channels = stage.channels;
    }
  });
  return { top: preActivated ? normRelu(l, 'trunk/bn', x, { norm }) : x, taps: [] };
}

type BlockShape = Stage & { readonly stride: number; readonly projects: boolean };

function residualBlock<X>(l: Layers<X>, name: string, x: X, shape: BlockShape, trunk: ResidualTrunk): X {
  const { form, norm, init, start } = trunk;
  const last = `${name}/bn${shape.narrow === undefined ? 3 : 4}`;
  const input = form === 'pre-activation' ? normRelu(l, `${name}/bn1`, x, { norm }) : x;
  const made = branch(l, name, input, shape, trunk);
  if (form === 'plain') return normRelu(l, last, made, { norm });

  const { projects, channels, stride } = shape;
  const shortcut = projects ? l.conv(`${name}/shortcut/conv`, input, channels, 1, { init, stride }) : x;
  const add = (left: X, right: X): X => l.add(`${name}/sum`, left, right);
  switch (form) {
    case 'pre-activation':
      return add(shortcut, made);
    case 'bn-after-add':
      return normRelu(l, last, add(shortcut, made), { norm });
    case 'original': {
      const norms = (path: string, map: X, gamma: number): X =>
        norm ? l.batchNorm(path, map, { relu: false, gamma }) : map;
      const carried = projects ? norms(`${name}/shortcut/bn`, shortcut, 1) : x;
      const sum = add(carried, norms(last, made, start === 'zero' ? 0 : 1));
      return l.activate(`${name}/relu`, sum, 'relu');
    }
  }
}

/** conv (bn relu conv)*. A stride is that of the 3x3 convolution, or of the first of two. */
function branch<X>(
  l: Layers<X>,
  name: string,
  x: X,
  { channels, narrow, stride }: BlockShape,
  trunk: ResidualTrunk,
): X {
  const { norm, groups, init } = trunk;
  const convs: { filters: number; size: number; options?: ConvOptions }[] =
    narrow === undefined
      ? [
          { filters: channels, size: 3, options: { stride } },
          { filters: channels, size: 3 },
        ]
      : [
          { filters: narrow, size: 1 },
          { filters: narrow, size: 3, options: { stride, groups } },
          { filters: channels, size: 1 },
        ];
  const made = convs.reduce((value, { filters, size, options }, i) => {
    const from = i === 0 ? value : normRelu(l, `${name}/bn${i + 1}`, value, { norm });
    const begins = startOf(trunk, convs.length, i === convs.length - 1);
    return l.conv(`${name}/conv${i + 1}`, from, filters, size, { init, bias: !norm, ...options, ...begins });
  }, x);
  return trunk.start === 'fixup' ? l.affine(`${name}/scale`, made, 'identity') : made;
}

/** How one of the `count` convolutions of a branch starts. */
function startOf({ stages, form, norm, start }: ResidualTrunk, count: number, isLast: boolean): ConvOptions {
  if (form === 'plain') return {};
  const blocks = stages.reduce((sum, stage) => sum + stage.blocks, 0);
  switch (start) {
    case 'unscaled':
      return {};
    case 'scaled':
      return isLast ? { gain: blocks ** (-1 / 2) } : {};
    case 'zero':
      return isLast && !(form === 'original' && norm) ? { init: 'zero' } : {};
    case 'fixup':
      return isLast ? { init: 'zero' } : { gain: blocks ** (-1 / (2 * count - 2)) };
  }
}

/** Blocks in three stages in `depth` = 6 n + 2 layers with weights, as in He et al. 2016a, section 4.2, at width 16. */
export function residualOf(
  scale: Scale,
  width: number,
  depth: number,
  options: Partial<ResidualTrunk> = {},
): ResidualTrunk {
  const blocks = (depth - 2) / 6;
  return {
    kind: 'residual',
    scale,
    stem: width,
    stages: widths(scale, width, [1, 2, 4]).map((channels) => ({ blocks, channels })),
    groups: 1,
    form: 'original',
    shortcut: 'identity',
    norm: true,
    init: 'he',
    start: 'unscaled',
    ...options,
  };
}

type Bottlenecks = { readonly stem: number; readonly outer: number; readonly groups: number };

/** The same in 9 n + 2 layers, of bottlenecks `width` wide between maps `outer` times as wide. */
export function bottleneckOf(
  scale: Scale,
  width: number,
  depth: number,
  { stem, outer, groups }: Bottlenecks,
): ResidualTrunk {
  const blocks = (depth - 2) / 9;
  const stages = widths(scale, width, [1, 2, 4]).map((narrow) => ({
    blocks,
    channels: outer * narrow,
    narrow,
  }));
  return { ...residualOf(scale, width, depth), stem, stages, groups };
}

/**
 * Xie et al. 2017: on images the 29 layers of section 5.3, where `width` is 512 = 8 x 64, the maps are half as wide and the
 * first convolution has 64 filters; on boards the proportions of ResNeXt-50 (table 1), whose maps are twice as wide.
 */
export function resnextOf(scale: Scale, width: number, depth: number): ResidualTrunk {
  const proportions = scale === 'image' ? { stem: width / 8, outer: 1 / 2 } : { stem: width, outer: 2 };
  return bottleneckOf(scale, width, depth, { ...proportions, groups: 8 });
}
