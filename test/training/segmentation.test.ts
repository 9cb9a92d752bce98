/** How well owners of points are named. */
import { expect, test } from 'vitest';
import { Segmentation } from '#training/segmentation.ts';

test('accuracy counts owned points, late ones apart, and the union also what is wrongly named', () => {
  const segmentation = new Segmentation();
  expect(segmentation.quality).toBeNull();
  // Named B B W W; Black's, White's, White's, nobody's.
  segmentation.add([0.9, 0.1, -0.4, -0.2], [1, -1, -1, 0], false);
  expect(segmentation.quality).toMatchObject({ accuracy: 2 / 3, accuracyLate: NaN });
  // Black: 1 of 2, White: 1 of 3.
  expect(segmentation.quality?.meanIou).toBeCloseTo((1 / 2 + 1 / 3) / 2, 12);
  segmentation.add([0.9, -0.9], [1, -1], true);
  expect(segmentation.quality).toMatchObject({ accuracy: 4 / 5, accuracyLate: 1 });
  expect(segmentation.quality?.meanIou).toBeCloseTo((2 / 3 + 2 / 4) / 2, 12);
  segmentation.add([0.9, 0.9], [1, 1], true);
  expect(segmentation.quality?.meanIou).toBeCloseTo((4 / 5 + 2 / 4) / 2, 12);
});
