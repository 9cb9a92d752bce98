/**
 * Batch norm's passes over a map of `rows` points, as WebAssembly text: each for the channels of one block, of which the
 * pointers say the first; `pitch` is the bytes from a point to the next.
 */
import { NARROW, WIDE, advance, each, get, lanes, load, locals, params, zeros } from './text.ts';

/** Points whose sum is taken apart before it joins the others, which keeps float32 sums of many points exact. */
const SUMMED_APART = 64;

/**
 * A loop over the points that adds to the vectors `totals`; `body` adds to `sums` and moves its pointers itself.
 */
function summing(vectors: number, sums: readonly string[], body: string): string {
  const both = sums.flatMap((name) => lanes(vectors, name));
  return `
  (loop $parts
    ${both.map((name) => `(local.set ${name} ${zeros})`).join('\n')}
    (local.set $left (i32.const ${SUMMED_APART}))
    (if (i32.lt_s ${get('$rows')} (i32.const ${SUMMED_APART})) (then (local.set $left ${get('$rows')})))
    (local.set $rows (i32.sub ${get('$rows')} ${get('$left')}))
    (loop $points
      ${body}
      (local.set $left (i32.sub ${get('$left')} (i32.const 1)))
      (br_if $points ${get('$left')}))
    ${both.map((name) => `(local.set ${name}Total (f32x4.add ${get(`${name}Total`)} ${get(name)}))`).join('\n')}
    (br_if $parts ${get('$rows')}))`;
}

const store = (vectors: number, name: string, pointer: string): string =>
  each(vectors, (v) => `(v128.store offset=${16 * v} ${get(pointer)} ${get(`${name}${v}Total`)})`);

type Variant = { readonly vectors: number; readonly masked: boolean };
/** Of passes that reckon with the relu after the norm, where there is one. */
type NormVariant = Variant & { readonly relu: boolean };

/** The weight of the current point, and its pointer's step. */
const weight = ({ masked }: Variant): string =>
  masked ? `(local.set $weight (v128.load32_splat ${get('$mask')})) ${advance('$mask', 4)}` : '';
const weighted = ({ masked }: Variant, value: string): string =>
  masked ? `(f32x4.mul ${value} ${get('$weight')})` : value;

const suffix = ({ vectors, masked }: Variant): string => `${4 * vectors}${masked ? 'Masked' : ''}`;
const normSuffix = (variant: NormVariant): string => `${suffix(variant)}${variant.relu ? '' : 'Linear'}`;

/** sum: out[c] = sum of x. squares: out[c] = sum of (x - mean)^2. Masked, over points whose mask is 1. */
function sums(variant: Variant): string {
  const { vectors } = variant;
  const frame = (name: string, term: (v: number) => string): string => `
(func $${name}${suffix(variant)} ${params('$x', '$mask', '$rows', '$pitch', '$mean', '$out')}
  ${locals('i32', '$left')} ${locals('v128', '$weight', ...lanes(vectors, '$s', '$mu', '$d'))}
  ${locals('v128', ...lanes(vectors, '$s').map((lane) => `${lane}Total`))}
  ${load(vectors, '$mu', '$mean')}
  ${summing(
    vectors,
    ['$s'],
    `${weight(variant)}
      ${each(
        vectors,
        (v) => `
      (local.set $d${v} (f32x4.sub (v128.load offset=${16 * v} ${get('$x')}) ${get(`$mu${v}`)}))
      (local.set $s${v} (f32x4.add ${get(`$s${v}`)} ${weighted(variant, term(v))}))`,
      )}
      ${advance('$x', get('$pitch'))}`,
  )}
  ${store(vectors, '$s', '$out')})`;
  return (
    frame('sum', (v) => get(`$d${v}`)) +
    frame('squares', (v) => `(f32x4.mul ${get(`$d${v}`)} ${get(`$d${v}`)})`)
  );
}

const rectified = ({ relu }: NormVariant, value: string): string =>
  relu ? `(f32x4.max ${zeros} ${value})` : value;

/** normalize: y = max(0, x scale + shift), or that sum as it is; masked 0 where the mask is. */
const normalize = (variant: NormVariant): string => `
(func $normalize${normSuffix(variant)} ${params('$x', '$mask', '$rows', '$pitch', '$scale', '$shift', '$y')}
  ${locals('v128', '$weight', ...lanes(variant.vectors, '$a', '$b'))}
  ${load(variant.vectors, '$a', '$scale')}
  ${load(variant.vectors, '$b', '$shift')}
  (loop $points
    ${weight(variant)}
    ${each(
      variant.vectors,
      (v) => `
    (v128.store offset=${16 * v} ${get('$y')} ${weighted(
      variant,
      rectified(
        variant,
        `(f32x4.add (f32x4.mul (v128.load offset=${16 * v} ${get('$x')}) ${get(`$a${v}`)}) ${get(`$b${v}`)})`,
      ),
    )})`,
    )}
    ${advance('$x', get('$pitch'))}
    ${advance('$y', get('$pitch'))}
    (local.set $rows (i32.sub ${get('$rows')} (i32.const 1)))
    (br_if $points ${get('$rows')})))`;

/** dy where a relu let through, else 0; without a relu dy. */
function letThrough({ relu }: NormVariant, v: number): string {
  const dy = `(v128.load offset=${16 * v} ${get('$dy')})`;
  return relu ? `(v128.and ${dy} (f32x4.gt (v128.load offset=${16 * v} ${get('$y')}) ${zeros}))` : dy;
}

/** gradientSums: shifts[c] = sum of g and scales[c] = sum of g (x - mean) with g the dy that is let through, masked where the mask is 1. */
function gradientSums(variant: NormVariant): string {
  const { vectors } = variant;
  return `
(func $gradientSums${normSuffix(variant)} ${params('$dy', '$x', '$y', '$mask', '$rows', '$pitch', '$mean', '$shifts', '$scales')}
  ${locals('i32', '$left')} ${locals('v128', '$weight', ...lanes(vectors, '$g', '$h', '$mu'), '$through')}
  ${locals('v128', ...lanes(vectors, '$g', '$h').map((lane) => `${lane}Total`))}
  ${load(vectors, '$mu', '$mean')}
  ${summing(
    vectors,
    ['$g', '$h'],
    `${weight(variant)}
      ${each(
        vectors,
        (v) => `
      (local.set $through ${weighted(variant, letThrough(variant, v))})
      (local.set $g${v} (f32x4.add ${get(`$g${v}`)} ${get('$through')}))
      (local.set $h${v} (f32x4.add ${get(`$h${v}`)} (f32x4.mul ${get('$through')}
        (f32x4.sub (v128.load offset=${16 * v} ${get('$x')}) ${get(`$mu${v}`)}))))`,
      )}
      ${advance('$dy', get('$pitch'))}
      ${advance('$x', get('$pitch'))}
      ${advance('$y', get('$pitch'))}`,
  )}
  ${store(vectors, '$g', '$shifts')}
  ${store(vectors, '$h', '$scales')})`;
}

/** gradient: dx = a g + b x + c, masked 0 where the mask is. */
const gradient = (variant: NormVariant): string => `
(func $gradient${normSuffix(variant)} ${params('$dy', '$x', '$y', '$mask', '$rows', '$pitch', '$as', '$bs', '$cs', '$dx')}
  ${locals('v128', '$weight', ...lanes(variant.vectors, '$a', '$b', '$c'))}
  ${load(variant.vectors, '$a', '$as')}
  ${load(variant.vectors, '$b', '$bs')}
  ${load(variant.vectors, '$c', '$cs')}
  (loop $points
    ${weight(variant)}
    ${each(
      variant.vectors,
      (v) => `
    (v128.store offset=${16 * v} ${get('$dx')} ${weighted(
      variant,
      `(f32x4.add (f32x4.mul ${letThrough(variant, v)} ${get(`$a${v}`)})
        (f32x4.add (f32x4.mul (v128.load offset=${16 * v} ${get('$x')}) ${get(`$b${v}`)}) ${get(`$c${v}`)}))`,
    )})`,
    )}
    ${['$dy', '$x', '$y', '$dx'].map((pointer) => advance(pointer, get('$pitch'))).join('\n')}
    (local.set $rows (i32.sub ${get('$rows')} (i32.const 1)))
    (br_if $points ${get('$rows')})))`;

/** All passes for both widths of a block; those with a mask are named `...Masked`, those of a norm without relu `...Linear`. */
export const normText: string = [WIDE / 4, NARROW / 4]
  .flatMap((vectors) => [
    // A relu lets nothing through where the mask is 0.
    gradientSums({ vectors, masked: false, relu: true }),
    ...[false, true].flatMap((masked) => [
      sums({ vectors, masked }),
      gradientSums({ vectors, masked, relu: false }),
      ...[false, true].flatMap((relu) => {
        const variant = { vectors, masked, relu };
        return [normalize(variant), gradient(variant)];
      }),
    ]),
  ])
  .join('\n');
