/** Players made ready to move. */
import { basename, dirname, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { usefulMoves } from '#engine/search/useful.ts';
import { makeAddress, parseAddress } from '#nets/address.ts';
import type { NetRefusal } from '#nets/inference/trial.ts';
import { netFiles } from '#nets/net-files.ts';
import { openGtpPlayer } from './gtp-player.ts';
import type { GenMoveOptions, Player, PlayerSpec } from './player.ts';
import { gameOf } from './search-game.ts';
import type { SearchPool } from './search-pool.ts';
import type { Analysis } from './search-task.ts';

export type OpenPlayerResult =
  | { readonly ok: true; readonly player: Player }
  | { readonly ok: false; readonly reason: NetRefusal['reason'] | 'no-engine'; readonly message: string };

/** Uniform over the moves that do not fill own eyes or settled areas; `resign` never. */
export function randomMove(position: Position, rng: Rng): Move {
  const useful = usefulMoves(position, position.legalMoves(), NET_SEARCH);
  return useful[rng.nextInt(useful.length)];
}

export function randomPlayer(): Player {
  return {
    name: 'random',
    genMove: (position, { rng }) => Promise.resolve({ move: randomMove(position, rng) }),
    close: () => Promise.resolve(),
  };
}

/** What a run calls its net is the name of none: that of its folder stands for it. */
function shortNetName(path: string): string {
  const { file, dial } = parseAddress(path);
  const whole = resolve(file);
  const named = basename(whole) === 'net.safetensors' ? dirname(whole) : whole;
  return makeAddress({ file: basename(named, '.safetensors'), dial });
}

/** A short name: where the player is a net, the file's or its run's and how its dial is turned. */
export function playerName(spec: PlayerSpec, netName: (path: string) => string = shortNetName): string {
  if (spec.kind === 'random') return 'random';
  if (spec.kind === 'gtp') return spec.command;
  const settings = Object.entries(spec.parameters ?? {}).map(([name, value]) =>
    name === 'algorithm' ? String(value) : `${name}=${String(value)}`,
  );
  const search = [spec.visits, ...settings].join(',');
  if (spec.kind === 'playouts') return `playouts@${search}`;
  const name = netFiles(spec.path).map(netName).join('+');
  return search === '1' ? name : `${name}@${search}`;
}

/** The names of two players, with the whole paths of their nets where others are alike. */
export function namesOfTwo(a: PlayerSpec, b: PlayerSpec): readonly [string, string] {
  const whole = (path: string): string => path;
  return playerName(a) === playerName(b) && !isDeepStrictEqual(a, b)
    ? [playerName(a, whole), playerName(b, whole)]
    : [playerName(a), playerName(b)];
}

let searchPlayers = 0;

function searchPlayer(
  spec: PlayerSpec & { kind: 'playouts' | 'net' },
  pool: SearchPool,
  parameters: Partial<SearchParameters>,
): Player {
  const id = `player-${++searchPlayers}`;
  const search = (
    position: Position,
    { rng, gameId = '', restrictions, ...options }: GenMoveOptions,
    visits: number,
  ): Promise<Analysis> =>
    pool.analyse(gameOf(position), {
      visits,
      ...options,
      net: spec.kind === 'net' ? spec.path : null,
      seed: rng.nextInt(2 ** 31),
      gameId: `${id}/${gameId}`,
      parameters: { ...parameters, ...spec.parameters, ...options.parameters },
      ...(restrictions === undefined ? {} : { options: restrictions }),
    });
  return {
    name: playerName(spec),
    genMove: async (position, options) => {
      const stats = await search(position, options, spec.visits);
      return { move: stats.move, stats };
    },
    analyse: (position, options) => search(position, options, Infinity),
    close: () => Promise.resolve(),
  };
}

/** Who owns each point if the game ends here, as the player's net sees it, or playouts where it has none: float32 [width * height], Black's side. */
export function ownershipOf(
  spec: PlayerSpec,
  position: Position,
  pool: SearchPool,
  seed: number,
): Promise<Float32Array> {
  return pool.ownershipBlack({ game: gameOf(position), net: spec.kind === 'net' ? spec.path : null, seed });
}

/**
 * Opens a player; searches run in `pool`, which stays the caller's. The refusal is one readable sentence. Rejects with
 * the signal's reason where that aborts first.
 */
export async function openPlayer(
  spec: PlayerSpec,
  pool: SearchPool,
  parameters: Partial<SearchParameters> = {},
  signal?: AbortSignal,
): Promise<OpenPlayerResult> {
  signal?.throwIfAborted();
  if (spec.kind === 'gtp') {
    const opened = await openGtpPlayer(spec.command, signal === undefined ? {} : { signal });
    return opened.ok ? opened : { ...opened, reason: 'no-engine' };
  }
  if (spec.kind === 'random') return { ok: true, player: randomPlayer() };
  if (spec.kind === 'net') {
    const prepared = await pool.prepare(spec.path);
    if (!prepared.ok) return prepared;
  }
  return { ok: true, player: searchPlayer(spec, pool, parameters) };
}
