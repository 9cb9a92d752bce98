/** The inner loops of convolutions and of their gradients, as WebAssembly text. */

import { each } from './text.ts';

/** Output points that `conv` computes at once, and input channels that `outer` does: as many as registers hold. */
export const ROWS = 6;
const CHANNELS = 4;
/** Output channels at once: two vectors. */
export const COLUMNS = 8;

/** acc <- a * b + acc */
const multiplyAdd = (fused: boolean, acc: string, a: string, b: string): string =>
  fused
    ? `(local.set ${acc} (f32x4.relaxed_madd ${a} ${b} (local.get ${acc})))`
    : `(local.set ${acc} (f32x4.add (f32x4.mul ${a} ${b}) (local.get ${acc})))`;

/**
 * conv: for the `count` output points whose first inputs stand at x + rows[i], eight output channels:
 * y[i, j] = sum over taps t and channels c of x[rows[i] + taps[t] + 4 c] panel[t, c, j].
 * `depth` is the number of channels over 4; `columns` of the eight are stored, at y + i * pitch. `spare` is 32 bytes.
 */
export const convText = (fused: boolean): string => `
(func $conv (param $x i32) (param $rows i32) (param $count i32) (param $taps i32) (param $tapCount i32)
  (param $depth i32) (param $panel i32) (param $y i32) (param $pitch i32) (param $columns i32) (param $spare i32)
  (local $k i32) (local $tap i32) (local $tapEnd i32) (local $offset i32) (local $d i32)
  (local $b0 v128) (local $b1 v128) (local $a v128)
  ${each(ROWS, (r) => `(local $base${r} i32) (local $p${r} i32) (local $s${r} v128) (local $t${r} v128)`)}
  (local.set $tapEnd (i32.add (local.get $taps) (i32.mul (local.get $tapCount) (i32.const 4))))
  (loop $tiles
    ${each(
      ROWS,
      (r) => `
    (local.set $base${r} (i32.add (local.get $x) (i32.load offset=${4 * r} (local.get $rows))))
    (local.set $s${r} (f32x4.splat (f32.const 0)))
    (local.set $t${r} (f32x4.splat (f32.const 0)))`,
    )}
    (local.set $k (local.get $panel))
    (local.set $tap (local.get $taps))
    (loop $eachTap
      (local.set $offset (i32.load (local.get $tap)))
      ${each(ROWS, (r) => `(local.set $p${r} (i32.add (local.get $base${r}) (local.get $offset)))`)}
      (local.set $d (local.get $depth))
      (loop $eachChannel
        ${each(
          4,
          (u) => `
        (local.set $b0 (v128.load offset=${32 * u} (local.get $k)))
        (local.set $b1 (v128.load offset=${32 * u + 16} (local.get $k)))
        ${each(
          ROWS,
          (r) => `
        (local.set $a (v128.load32_splat offset=${4 * u} (local.get $p${r})))
        ${multiplyAdd(fused, `$s${r}`, '(local.get $a)', '(local.get $b0)')}
        ${multiplyAdd(fused, `$t${r}`, '(local.get $a)', '(local.get $b1)')}`,
        )}`,
        )}
        (local.set $k (i32.add (local.get $k) (i32.const 128)))
        ${each(ROWS, (r) => `(local.set $p${r} (i32.add (local.get $p${r}) (i32.const 16)))`)}
        (local.set $d (i32.sub (local.get $d) (i32.const 1)))
        (br_if $eachChannel (local.get $d)))
      (local.set $tap (i32.add (local.get $tap) (i32.const 4)))
      (br_if $eachTap (i32.lt_u (local.get $tap) (local.get $tapEnd))))
    ${each(
      ROWS,
      (r) => `
    (if (i32.gt_s (local.get $count) (i32.const ${r})) (then
      (if (i32.gt_s (local.get $columns) (i32.const ${COLUMNS - 1})) (then
        (v128.store (local.get $y) (local.get $s${r}))
        (v128.store offset=16 (local.get $y) (local.get $t${r}))))
      (if (i32.lt_s (local.get $columns) (i32.const ${COLUMNS})) (then
        (v128.store (local.get $spare) (local.get $s${r}))
        (v128.store offset=16 (local.get $spare) (local.get $t${r}))
        (memory.copy (local.get $y) (local.get $spare) (i32.mul (local.get $columns) (i32.const 4)))))
      (local.set $y (i32.add (local.get $y) (local.get $pitch)))))`,
    )}
    (local.set $rows (i32.add (local.get $rows) (i32.const ${4 * ROWS})))
    (local.set $count (i32.sub (local.get $count) (i32.const ${ROWS})))
    (br_if $tiles (i32.gt_s (local.get $count) (i32.const 0)))))`;

/**
 * outer: adds to sums[t, c, j] the products of x[rows[i] + taps[t] + 4 c] and dy[i, j] over `count` points i.
 * `inBytes` and `outBytes` are 4 times the channels, multiples of 16 and of 32.
 */
export const outerText = (fused: boolean): string => `
(func $outer (param $x i32) (param $rows i32) (param $count i32) (param $taps i32) (param $tapCount i32)
  (param $inBytes i32) (param $dy i32) (param $outBytes i32) (param $sums i32)
  (local $from i32) (local $c i32) (local $j i32) (local $row i32) (local $g i32) (local $n i32) (local $p i32)
  (local $tapEnd i32) (local $b0 v128) (local $b1 v128) (local $a v128)
  ${each(CHANNELS, (r) => `(local $out${r} i32) (local $s${r} v128) (local $t${r} v128)`)}
  (local.set $tapEnd (i32.add (local.get $taps) (i32.mul (local.get $tapCount) (i32.const 4))))
  (loop $eachTap
    (local.set $from (i32.add (local.get $x) (i32.load (local.get $taps))))
    (local.set $c (i32.const 0))
    (loop $eachChannel
      (local.set $j (i32.const 0))
      (loop $eachColumn
        (local.set $out0 (i32.add (local.get $sums) (local.get $j)))
        ${each(CHANNELS - 1, (r) => `(local.set $out${r + 1} (i32.add (local.get $out${r}) (local.get $outBytes)))`)}
        ${each(
          CHANNELS,
          (r) => `
        (local.set $s${r} (v128.load (local.get $out${r})))
        (local.set $t${r} (v128.load offset=16 (local.get $out${r})))`,
        )}
        (local.set $row (local.get $rows))
        (local.set $g (i32.add (local.get $dy) (local.get $j)))
        (local.set $n (local.get $count))
        (loop $points
          (local.set $p (i32.add (local.get $from) (i32.load (local.get $row))))
          (local.set $b0 (v128.load (local.get $g)))
          (local.set $b1 (v128.load offset=16 (local.get $g)))
          ${each(
            CHANNELS,
            (r) => `
          (local.set $a (v128.load32_splat offset=${4 * r} (local.get $p)))
          ${multiplyAdd(fused, `$s${r}`, '(local.get $a)', '(local.get $b0)')}
          ${multiplyAdd(fused, `$t${r}`, '(local.get $a)', '(local.get $b1)')}`,
          )}
          (local.set $row (i32.add (local.get $row) (i32.const 4)))
          (local.set $g (i32.add (local.get $g) (local.get $outBytes)))
          (local.set $n (i32.sub (local.get $n) (i32.const 1)))
          (br_if $points (local.get $n)))
        ${each(
          CHANNELS,
          (r) => `
        (v128.store (local.get $out${r}) (local.get $s${r}))
        (v128.store offset=16 (local.get $out${r}) (local.get $t${r}))`,
        )}
        (local.set $j (i32.add (local.get $j) (i32.const 32)))
        (br_if $eachColumn (i32.lt_u (local.get $j) (local.get $outBytes))))
      (local.set $from (i32.add (local.get $from) (i32.const ${4 * CHANNELS})))
      (local.set $sums (i32.add (local.get $sums) (i32.mul (local.get $outBytes) (i32.const ${CHANNELS}))))
      (local.set $c (i32.add (local.get $c) (i32.const ${4 * CHANNELS})))
      (br_if $eachChannel (i32.lt_u (local.get $c) (local.get $inBytes))))
    (local.set $taps (i32.add (local.get $taps) (i32.const 4)))
    (br_if $eachTap (i32.lt_u (local.get $taps) (local.get $tapEnd)))))`;

/**
 * fill: zeros. copy: `count` pieces of `bytes` from `from` to `to`, whose next ones are so many bytes further on.
 */
export const copyText = `
(func $fill (param $to i32) (param $bytes i32)
  (memory.fill (local.get $to) (i32.const 0) (local.get $bytes)))
(func $copy (param $from i32) (param $to i32) (param $count i32) (param $bytes i32) (param $fromStep i32)
  (param $toStep i32)
  (loop $pieces
    (memory.copy (local.get $to) (local.get $from) (local.get $bytes))
    (local.set $from (i32.add (local.get $from) (local.get $fromStep)))
    (local.set $to (i32.add (local.get $to) (local.get $toStep)))
    (local.set $count (i32.sub (local.get $count) (i32.const 1)))
    (br_if $pieces (local.get $count))))`;
