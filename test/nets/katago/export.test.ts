/** Nets of ours as KataGo's: written to its file and read back, they say the same. */
import { expect, test } from 'vitest';
import type { NetFile } from '#nets/file.ts';
import { exportKataGo } from '#nets/katago/export.ts';
import { parseKataGo } from '#nets/katago/parse.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { expectSameOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { specOf } from '../architectures/small-nets.ts';
import { everyNet, randomWeights } from './random-nets.ts';

function throughKataGo(net: NetFile): NetFile {
  const exported = exportKataGo(net, { isText: false, isZipped: true });
  if (!exported.ok) throw new Error(exported.message);
  const parsed = parseKataGo(exported.bytes);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.net;
}

async function expectSame(net: NetFile): Promise<void> {
  const back = throughKataGo(net);
  const mixed = randomInputs(net, [[9, 9], [7, 9], [5, 6], [9, 4]], 1); // prettier-ignore
  expectSameOutputs(await onnxOutputs(back, mixed), await onnxOutputs(net, mixed));
  const full = randomInputs(net, [[7, 6], [7, 6]], 2); // prettier-ignore
  const options = { fullBoards: true };
  expectSameOutputs(await onnxOutputs(back, full, options), await onnxOutputs(net, full, options));
}

test('a net of ours says the same as a net of KataGo, version 15, on boards of several sizes', async () => {
  const spec: NetSpec = {
    featureSet: 'katago-v7',
    trunk: { kind: 'resnet', blocks: 2, channels: 8 },
    heads: { kind: 'tengen', policyChannels: 5, valueChannels: 6, valueHidden: 7 },
  };
  const net: NetFile = { spec, weights: randomWeights(spec, 3), provenance: { name: 'a b', step: 7 } };
  const back = throughKataGo(net);
  expect(back.spec.heads).toMatchObject({ kind: 'katago', version: 15 });
  expect(back.provenance.name).toBe('a-b');
  await expectSame(net);
});

test('what our nets do not say is constant, and no game is without result', async () => {
  const spec = resnetSpec(1, 8);
  const back = throughKataGo({ spec, weights: randomWeights(spec, 4), provenance: {} });
  const inputs = randomInputs(back, [[5, 5], [5, 5]], 5); // prettier-ignore
  const { outcome, stdev, score, scoreMean } = await onnxOutputs(back, inputs, { raw: true });
  expect([outcome[2], outcome[5]].every((noResult) => noResult < 1e-20)).toBe(true);
  for (const i of [0, 1]) {
    expect(20 * stdev[i]).toBeCloseTo(20 * Math.log(2), 3);
    expect(scoreMean[i]).toBeCloseTo(score[i], 5);
  }
});

test('a trunk that has no form there is refused by its name', () => {
  const spec = specOf('vgg-11:4');
  const net = { spec, weights: randomWeights(spec, 1), provenance: {} };
  expect(exportKataGo(net, { isText: true, isZipped: false })).toEqual({
    ok: false,
    message: "KataGo's format has no form for the trunk vgg",
  });
});

test.each(everyNet())("KataGo's own nets come back as they were: %s", (_, net) => expectSame(net));
