/** Laws that every word of `Layers` keeps. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import {
  apply,
  boardsIn,
  boardsOf,
  modelOf,
  onnxOf,
  randomImages,
  runOnnx,
  shapesOf,
  weightsIn,
  worstDifference,
} from './small-nets.ts';
import type { Sees } from './small-nets.ts';
import { BOARD_WORDS, IMAGE_WORDS, WORDS } from './words.ts';

beforeAll(() => useBackend('cpu'));

const OF_BOARDS = { ...WORDS, ...BOARD_WORDS };
const OF_IMAGES = { ...WORDS, ...IMAGE_WORDS };

/** The corner of a map that has the size of `like`; of vectors as many. */
function corner(x: tf.Tensor, like: tf.Tensor): tf.Tensor {
  return tf.slice(
    x,
    like.shape.map(() => 0),
    like.shape,
  );
}

describe('on boards', () => {
  test.each(Object.keys(WORDS))(
    '%s gives a 9x9 board alone what it gives it padded, in training and in play',
    (word) => {
      for (const training of [false, true]) {
        const [alone, ...padded] = [9, 10, 19].map((buffer) => {
          // A draw has the shape of its buffer.
          const step = { training: training && word !== 'dropout', seed: 1 };
          return apply(modelOf(WORDS[word], 'boards'), boardsIn(buffer, 9), 'boards', step);
        });
        for (const one of padded) expect(worstDifference(corner(one, alone), alone)).toBeLessThan(1e-4);
      }
    },
  );

  test.each(Object.keys(WORDS))(
    '%s gives a 9x9 board alone what it gives it next to one of 19x19, in play and in ONNX',
    async (word) => {
      const model = modelOf(WORDS[word], 'boards');
      const alone = apply(model, boardsOf(9, [9]), 'boards');
      const both = boardsOf(19, [9, 19]);
      const graph = onnxOf(WORDS[word], 'boards');
      for (const outputs of [apply(model, both, 'boards'), await runOnnx(graph, both, 'boards')])
        expect(worstDifference(corner(outputs, alone), alone)).toBeLessThan(1e-4);
    },
  );

  test.each(Object.keys(OF_BOARDS))('%s has the weights that are told of it', (word) => {
    expect(weightsIn(modelOf(OF_BOARDS[word], 'boards'))).toEqual(shapesOf(OF_BOARDS[word], 'boards'));
  });

  test.each(Object.keys(OF_BOARDS))('%s is the same in ONNX, on full and on padded boards', async (word) => {
    const model = modelOf(OF_BOARDS[word], 'boards');
    for (const [buffer, size, fullBoards] of [
      [9, 9, true],
      [9, 9, false],
      [12, 9, false],
    ] as const) {
      const given = boardsIn(buffer, size);
      const expected = apply(model, given, 'boards', { fullBoards });
      const actual = await runOnnx(onnxOf(OF_BOARDS[word], 'boards', fullBoards), given, 'boards');
      // What is off the board may be anything.
      const like = apply(model, boardsIn(size, size), 'boards');
      const difference =
        word === 'moveLogits'
          ? worstDifference(actual, expected)
          : worstDifference(corner(actual, like), corner(expected, like));
      expect(difference).toBeLessThan(1e-4);
    }
  });
});

describe('on images', () => {
  const sees: Sees = 'images';

  test.each(Object.keys(OF_IMAGES))(
    '%s is the same in ONNX, and has the weights that are told of it',
    async (word) => {
      const model = modelOf(OF_IMAGES[word], sees);
      expect(weightsIn(model)).toEqual(shapesOf(OF_IMAGES[word], sees));
      const given = randomImages();
      const expected = apply(model, given, sees, { fullBoards: true });
      expect(worstDifference(apply(model, given, sees), expected)).toBeLessThan(1e-5);
      expect(
        worstDifference(await runOnnx(onnxOf(OF_IMAGES[word], sees), given, sees), expected),
      ).toBeLessThan(1e-4);
    },
  );
});
