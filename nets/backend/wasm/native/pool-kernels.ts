/** Pooling over all points of one map, and a step of momentum, as WebAssembly text. */
import { NARROW, WIDE, advance, each, get, lanes, load, locals, params } from './text.ts';

/** @param rows the local that counts down to 0. */
const eachPoint = (body: string, pointers: readonly string[], rows = '$rows'): string => `
  (loop ${rows}Loop
    ${body}
    ${pointers.map((pointer) => advance(pointer, get('$pitch'))).join('\n')}
    (local.set ${rows} (i32.sub ${get(rows)} (i32.const 1)))
    (br_if ${rows}Loop ${get(rows)}))`;

/** Below all that a map holds. */
const LOWEST = -3.4e38;

/** pool: the sum and the largest of each channel over `rows` points. */
const pool = (vectors: number): string => `
(func $pool${4 * vectors} ${params('$x', '$rows', '$pitch', '$sum', '$largest')}
  ${locals('v128', '$value', ...lanes(vectors, '$s', '$m'))}
  ${each(vectors, (v) => `(local.set $m${v} (f32x4.splat (f32.const ${LOWEST})))`)}
  ${eachPoint(
    each(
      vectors,
      (v) => `
    (local.set $value (v128.load offset=${16 * v} ${get('$x')}))
    (local.set $s${v} (f32x4.add ${get(`$s${v}`)} ${get('$value')}))
    (local.set $m${v} (f32x4.max ${get(`$m${v}`)} ${get('$value')}))`,
    ),
    ['$x'],
  )}
  ${each(
    vectors,
    (v) => `
  (v128.store offset=${16 * v} ${get('$sum')} ${get(`$s${v}`)})
  (v128.store offset=${16 * v} ${get('$largest')} ${get(`$m${v}`)})`,
  )})`;

/** All bits of the lanes of the v-th vector at a pointer that hold the largest value. */
const isLargest = (pointer: string, v: number): string =>
  `(f32x4.eq (v128.load offset=${16 * v} ${get(pointer)}) ${get(`$m${v}`)})`;

/** poolGradient: dx = each, and more by atLargest where x is the largest, shared alike where several points are. */
const poolGradient = (vectors: number): string => `
(func $poolGradient${4 * vectors} ${params('$x', '$rows', '$pitch', '$largest', '$each', '$atLargest', '$dx')}
  ${locals('i32', '$at', '$left')} ${locals('v128', ...lanes(vectors, '$m', '$e', '$l', '$ties'))}
  ${load(vectors, '$m', '$largest')}
  ${load(vectors, '$e', '$each')}
  ${load(vectors, '$l', '$atLargest')}
  (local.set $at ${get('$x')})
  (local.set $left ${get('$rows')})
  ${eachPoint(
    each(
      vectors,
      (v) => `
    (local.set $ties${v} (f32x4.add ${get(`$ties${v}`)}
      (v128.and (f32x4.splat (f32.const 1)) ${isLargest('$at', v)})))`,
    ),
    ['$at'],
    '$left',
  )}
  ${each(vectors, (v) => `(local.set $l${v} (f32x4.div ${get(`$l${v}`)} ${get(`$ties${v}`)}))`)}
  ${eachPoint(
    each(
      vectors,
      (v) => `
    (v128.store offset=${16 * v} ${get('$dx')} (f32x4.add ${get(`$e${v}`)}
      (v128.and ${get(`$l${v}`)} ${isLargest('$x', v)})))`,
    ),
    ['$x', '$dx'],
  )})`;

/** The new velocity v = m v + g and weight w = s w - r (g + m v) of four numbers, or of one, at the pointers. */
const momentumOf = (type: 'v128' | 'f32', lane: 'f32x4' | 'f32', count: string, bytes: number): string => {
  const op = (name: string, a: string, b: string): string => `(${lane}.${name} ${a} ${b})`;
  const number = (name: string): string => (type === 'f32' ? get(name) : `(f32x4.splat ${get(name)})`);
  const [g, v] = [`(${type}.load ${get('$g')})`, `(${type}.load ${get('$v')})`];
  const [velocity, gradient] = type === 'f32' ? ['$v1', '$g1'] : ['$v4', '$g4'];
  return `
  (block $none${bytes}
    (br_if $none${bytes} (i32.eqz ${get(count)}))
    (loop $numbers${bytes}
      (local.set ${gradient} ${g})
      (local.set ${velocity} ${op('add', op('mul', v, number('$momentum')), get(gradient))})
      (${type}.store ${get('$newV')} ${get(velocity)})
      (${type}.store ${get('$newW')} ${op('sub', op('mul', number('$shrink'), `(${type}.load ${get('$w')})`), op('mul', number('$rate'), op('add', get(gradient), op('mul', number('$momentum'), get(velocity)))))})
      ${['$w', '$g', '$v', '$newW', '$newV'].map((pointer) => advance(pointer, bytes)).join('\n')}
      (local.set ${count} (i32.sub ${get(count)} (i32.const 1)))
      (br_if $numbers${bytes} ${get(count)})))`;
};

/** momentum: a step of so many fours and ones more, see nets/ops/momentum-step.ts. */
const momentum = `
(func $momentum ${params('$w', '$g', '$v', '$newW', '$newV', '$fours', '$ones')}
  (param $rate f32) (param $momentum f32) (param $shrink f32)
  ${locals('v128', '$g4', '$v4')} ${locals('f32', '$g1', '$v1')}
  ${momentumOf('v128', 'f32x4', '$fours', 16)}
  ${momentumOf('f32', 'f32', '$ones', 4)})`;

export const poolText: string = [WIDE / 4, NARROW / 4]
  .flatMap((vectors) => [pool(vectors), poolGradient(vectors)])
  .concat(momentum)
  .join('\n');
