/** The one spelling of players. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultNetPath } from '#nets/weights.ts';
import { namesOfTwo, playerName } from '#selfplay/open-player.ts';
import { parsePlayer } from '#selfplay/player.ts';
import type { PlayerSpec } from '#selfplay/player.ts';

test.each([
  ['random', { kind: 'random' }],
  ['net', { kind: 'net', path: defaultNetPath, visits: 1 }],
  ['net@200', { kind: 'net', path: defaultNetPath, visits: 200 }],
  ['net:runs/a.safetensors', { kind: 'net', path: 'runs/a.safetensors', visits: 1 }],
  ['net:runs/a.safetensors@200', { kind: 'net', path: 'runs/a.safetensors', visits: 200 }],
  ['net:a.safetensors#rtol=0.1@7', { kind: 'net', path: 'a.safetensors#rtol=0.1', visits: 7 }],
  ['net:at@home/a.safetensors', { kind: 'net', path: 'at@home/a.safetensors', visits: 1 }],
  ['net:at@home/a.safetensors@7', { kind: 'net', path: 'at@home/a.safetensors', visits: 7 }],
  [
    'net@16,gumbel,cPuct=1.5',
    { kind: 'net', path: defaultNetPath, visits: 16, parameters: { algorithm: 'gumbel', cPuct: 1.5 } },
  ],
  ['playouts@9,graphSearch=true', { kind: 'playouts', visits: 9, parameters: { graphSearch: true } }],
  ['playouts@1000', { kind: 'playouts', visits: 1000 }],
  ['gtp: gnugo --mode gtp ', { kind: 'gtp', command: 'gnugo --mode gtp' }],
])('the player "%s" is understood', (text, spec) => {
  expect(parsePlayer(text)).toEqual({ ok: true, spec });
});

test.each([
  ['net@0', '"0" visits'],
  ['net@-1', '"-1" visits'],
  ['net@1e3', '"1e3" visits'],
  ['net@', '"" visits'],
  ['net@5,cPuct=-1', 'search parameter cPuct'],
  ['net@5,nonsense=1', 'nonsense'],
  ['net@5,cPuct', 'search parameter cPuct'],
  ['playouts', 'needs its visits'],
  ['playouts@9999999', 'from 1 to 1000000'],
  ['net:', 'names no file'],
  ['gtp:', 'has no command'],
  ['gtp:""', 'has no command'],
  ['Random', 'is no player'],
  ['', 'is no player'],
])('the player "%s" is refused with what to write instead', (text, reason) => {
  const parsed = parsePlayer(text);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.message).toContain(reason);
});

test('any text at all is read or refused, never thrown on', () => {
  fc.assert(fc.property(fc.string(), (text) => typeof parsePlayer(text).ok === 'boolean'));
});

test('a player is named after its file and its visits', () => {
  expect(playerName({ kind: 'net', path: '/a/b.safetensors', visits: 200 })).toBe('b@200');
  expect(playerName({ kind: 'net', path: 'b.safetensors', visits: 1 })).toBe('b');
  expect(playerName({ kind: 'net', path: 'b.safetensors#steps=2', visits: 1 })).toBe('b#steps=2');
  expect(playerName({ kind: 'net', path: '/a/b.safetensors+c.safetensors', visits: 9 })).toBe('b+c@9');
  expect(playerName({ kind: 'playouts', visits: 5 })).toBe('playouts@5');
  const parameters = { algorithm: 'gumbel', gumbelNoise: 1 } as const;
  expect(playerName({ kind: 'net', path: 'b.safetensors', visits: 1, parameters })).toBe(
    'b@1,gumbel,gumbelNoise=1',
  );
});

test('the net of a run is named after the folder', () => {
  for (const path of ['runs/smoke', 'runs/smoke/', 'runs/smoke/net.safetensors'])
    expect(playerName({ kind: 'net', path, visits: 1 })).toBe('smoke');
  expect(playerName({ kind: 'net', path: 'a/net.safetensors#steps=2+b', visits: 9 })).toBe('a#steps=2+b@9');
});

test('two nets of one name are told apart by their paths', () => {
  const net = (path: string): PlayerSpec => ({ kind: 'net', path, visits: 9 });
  expect(namesOfTwo(net('a/run/net.safetensors'), net('b/run#steps=2'))).toEqual(['run@9', 'run#steps=2@9']);
  expect(namesOfTwo(net('a/run/net.safetensors'), net('b/run'))).toEqual([
    'a/run/net.safetensors@9',
    'b/run@9',
  ]);
  // One net against itself has but one name.
  expect(namesOfTwo(net('a/run'), net('a/run'))).toEqual(['run@9', 'run@9']);
});
