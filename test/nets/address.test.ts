/** Nets whose differential equations are solved as their address asks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeAddress, parseAddress } from '#nets/address.ts';
import { namedSpec } from '#nets/architectures/named.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import { randomNet } from './architectures/small-nets.ts';
import { randomPosition } from './random-positions.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-address-'));
afterAll(() => rmSync(folder, { recursive: true }));

function savedNet(name: string): string {
  const named = namedSpec(name);
  if (!named.ok) throw new Error(named.message);
  const path = join(folder, `${name.replace(':', '-')}.safetensors`);
  saveNet(path, randomNet(named.spec));
  return path;
}

const solverAt = (address: string): unknown => {
  const loaded = loadNet(address);
  if (!loaded.ok) throw new Error(loaded.message);
  const { trunk } = loaded.net.spec;
  return trunk.kind === 'ode' ? trunk.solver : null;
};

test.each(['a.safetensors', 'a#b.safetensors#rtol=0.1', 'a.safetensors#steps=4', 'a.safetensors#steps='])(
  'the address %s is read and made again',
  (address) => expect(makeAddress(parseAddress(address))).toBe(address),
);

test('the solver is what the address asks for', () => {
  const [adaptive, euler] = ['ode:4', 'ode-euler-3:4'].map(savedNet);
  expect(solverAt(adaptive)).toEqual({ kind: 'dopri5', rtol: 0.01, atol: 0.01 });
  expect(solverAt(`${adaptive}#rtol=1e-4`)).toEqual({ kind: 'dopri5', rtol: 1e-4, atol: 1e-4 });
  expect(solverAt(`${euler}#rtol=0.1`)).toEqual({ kind: 'dopri5', rtol: 0.1, atol: 0.1 });
  expect(solverAt(`${euler}#steps=6`)).toEqual({ kind: 'euler', steps: 6 });
  expect(solverAt(`${adaptive}#steps=2`)).toEqual({ kind: 'rk4', steps: 2 });
});

test('a tighter tolerance costs evaluations and gives nearly the same opinion', async () => {
  const address = savedNet('ode:4');
  const position = randomPosition(2, 7, 7);
  const opinions = [];
  for (const rtol of ['0.1', '1e-5']) {
    const loaded = loadNet(`${address}#rtol=${rtol}`);
    if (!loaded.ok) throw new Error(loaded.message);
    const net = await openRawNet(loaded.net);
    opinions.push((await net.opinions(position, [0]))[0]);
    await net.close();
  }
  const [loose, tight] = opinions;
  expect(tight.slopeEvaluations).toBeGreaterThan(loose.slopeEvaluations ?? Infinity);
  expect(Math.abs(tight.evaluation.valueToPlay - loose.evaluation.valueToPlay)).toBeLessThan(0.1);
});

test('what cannot be asked for is refused in one sentence', () => {
  const [own, ode] = ['2x8', 'ode:4'].map(savedNet);
  const refusal = (address: string): string => {
    const loaded = loadNet(address);
    return loaded.ok ? 'nothing' : loaded.message;
  };
  expect(refusal(`${own}#rtol=0.1`)).toBe(
    `${own}#rtol=0.1: its trunk is no differential equation, which #rtol is for`,
  );
  for (const text of ['0', 'x', '', '2']) expect(refusal(`${ode}#rtol=${text}`)).toContain('from 1e-7 to 1');
  for (const text of ['0', '1.5', '65']) expect(refusal(`${ode}#steps=${text}`)).toContain('from 1 to 64');
  expect(refusal(`${ode}x#steps=2`)).toContain('there is no such net file');
});
