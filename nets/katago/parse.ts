/** From a KataGo model file to a net: its layout, version by version. */
import { KATAGO_V7 } from '../features/katago-v7.ts';
import type { NetFile, NetFileResult, WeightArray } from '../file.ts';
import type { NetSpec } from '../spec.ts';
import { weightShapes } from '../weight-shapes.ts';
import { readBlocks } from './blocks.ts';
import { DEFAULT_SCALES } from './outputs.ts';
import { Malformed, RecordReader } from './reader.ts';
import { Records } from './records.ts';
import {
  LIMITS,
  NEWEST_VERSION,
  OLDEST_VERSION,
  TRANSFORMER_VERSION,
  hasPassHidden,
  scoreOutputs,
} from './spec.ts';
import type { KataGoHeads, KataGoTrunk, OutputScales } from './spec.ts';
import { unpack } from './unpack.ts';

/**
 * Reads a net from the bytes of a file, zipped or not, text or binary; never throws on bad bytes.
 * @returns a net that sees katago-v7, or a sentence with the record and the byte that is wrong (counted in the
 * unzipped file).
 */
export function parseKataGo(bytes: Uint8Array): NetFileResult {
  const unpacked = unpack(bytes);
  if (!unpacked.ok) return unpacked;
  try {
    return { ok: true, net: readNet(new RecordReader(unpacked.bytes)) };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, message: error.message };
    throw error;
  }
}

function readNet(reader: RecordReader): NetFile {
  const name = reader.name('the net');
  const version = reader.int('its version', 0, 1000);
  if (version < OLDEST_VERSION || version > NEWEST_VERSION)
    reader.fail(`its version is ${version}; those from ${OLDEST_VERSION} to ${NEWEST_VERSION} can be read`);
  reader.expect('its number of planes', KATAGO_V7.planes);
  reader.expect('its number of globals', KATAGO_V7.globals);
  const scales = version >= 13 ? readScales(reader) : DEFAULT_SCALES;
  const hasMetadata = version >= 15 && reader.int('the version of its metadata encoder', 0, 1000) > 0;
  const assumesSuicide = version >= 15 && reader.flag('its pass-alive flag');
  if (version >= 15) reader.spare(6);
  if (hasMetadata)
    reader.fail(
      "it imitates people of a rank and a date, as KataGo's human nets do (a metadata encoder); only nets that just play well can be read",
    );
  const records = new Records(reader, version);
  const trunk = readTrunk(records);
  const heads = readHeads(records, trunk.channels, scales);
  reader.end();
  const featureSet = assumesSuicide ? 'katago-v7-suicide' : 'katago-v7';
  const spec: NetSpec = { featureSet, trunk, heads };
  const weights = new Map<string, WeightArray>();
  for (const key of weightShapes(spec).keys()) {
    const weight = records.weights.get(key);
    if (weight === undefined) throw new Error(`internal: no record of ${key}`);
    weights.set(key, weight);
  }
  return { spec, weights, provenance: { name, origin: `KataGo, version ${version}` } };
}

function readScales(reader: RecordReader): OutputScales {
  const scale = (what: string): number => reader.number(`its multiplier of ${what}`, 1e-6, LIMITS.scale);
  return {
    tdScore: scale('td scores'),
    scoreMean: scale('the mean score'),
    scoreStdev: scale("the score's deviation"),
    lead: scale('the lead'),
    varianceTime: scale('varying time'),
    valueError: scale("the value's error"),
    scoreError: scale("the score's error"),
  };
}

function readTrunk(records: Records): KataGoTrunk {
  const { reader, version } = records;
  reader.name('the trunk');
  const count = reader.int('its number of blocks', 0, LIMITS.blocks);
  const channels = reader.int('its number of channels', 1, LIMITS.channels);
  // Widths that the blocks repeat.
  for (const what of ['middle', 'regular', 'dilated', 'pooled'])
    reader.int(`its number of ${what} channels`, 0, LIMITS.channels);
  const isRms = version >= 15 && reader.flag('its kind of norm');
  if (isRms && version < TRANSFORMER_VERSION)
    reader.fail(`its kind of norm is 1, before version ${TRANSFORMER_VERSION}`);
  if (version >= 15) reader.spare(5);
  const kernel = records.conv('trunk/input', KATAGO_V7.planes, channels);
  records.matrix('trunk/globals/kernel', KATAGO_V7.globals, channels);
  const blocks = readBlocks(records, 'trunk', channels, count, 0);
  const tip: KataGoTrunk['tip'] = isRms
    ? { kind: 'rms', ...records.rms('trunk/norm', channels) }
    : { kind: 'affine' };
  if (!isRms) records.norm('trunk/norm', channels);
  return { kind: 'katago', channels, kernel, blocks, tip, activation: records.activation() };
}

function readHeads(records: Records, channels: number, scales: OutputScales): KataGoHeads {
  const { reader, version } = records;
  reader.name('the policy head');
  const policies = readPolicies(reader, version);
  const policyChannels = records.newConv('policy/conv', channels, 1);
  const pooledChannels = records.newConv('policy/pooled/conv', channels, 1);
  records.norm('policy/pooled/norm', pooledChannels);
  const pooled = records.activation();
  records.matrix('policy/pooled/dense/kernel', 3 * pooledChannels, policyChannels);
  records.norm('policy/norm', policyChannels);
  const policy = records.activation();
  records.conv('policy/points', policyChannels, policies, 1);
  let pass: KataGoHeads['activations']['pass'] = 'relu';
  if (hasPassHidden({ version })) {
    records.matrix('policy/pass1/kernel', 3 * pooledChannels, policyChannels);
    records.bias('policy/pass1/bias', policyChannels);
    pass = records.activation();
    records.matrix('policy/pass2/kernel', policyChannels, policies);
  } else records.matrix('policy/pass/kernel', 3 * pooledChannels, policies);

  reader.name('the value head');
  if (version >= 17) reader.spare(3);
  const valueChannels = records.newConv('value/conv', channels, 1);
  records.norm('value/norm', valueChannels);
  const value = records.activation();
  const valueHidden = records.newMatrix('value/hidden/kernel', 3 * valueChannels);
  records.bias('value/hidden/bias', valueHidden);
  const hidden = records.activation();
  for (const [name, width] of [
    ['value/outcomes', 3],
    ['value/scores', scoreOutputs({ version })],
  ] as const) {
    records.matrix(`${name}/kernel`, valueHidden, width);
    records.bias(`${name}/bias`, width);
  }
  records.conv('ownership/points', valueChannels, 1, 1);
  const activations = { pooled, policy, pass, value, hidden };
  const widths = { policyChannels, pooledChannels, policies, valueChannels, valueHidden };
  return { kind: 'katago', version, ...widths, scales, activations };
}

function readPolicies(reader: RecordReader, version: number): KataGoHeads['policies'] {
  if (version < 12) return 1;
  if (version < 16) return 2;
  if (version === 16) return 4;
  const count = reader.int('its number of policies', 2, 4);
  if (count === 3) reader.fail('its number of policies is 3, not 2 or 4');
  reader.spare(3);
  return count === 2 ? 2 : 4;
}
