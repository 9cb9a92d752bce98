/** All games of a server: starts, finds and resumes them, and hands each message to its game. */
import { timingSafeEqual } from 'node:crypto';
import type { ClientMessage, ErrorCode } from '#server/protocol/messages.ts';
import { availableLevels } from '../levels.ts';
import { DamagedGameError } from '../store/game-store.ts';
import { loadRefusal, saveRefusal } from '../store/refusal.ts';
import type { Client } from './client.ts';
import { openGame } from './game.ts';
import type { Refusal, Step } from './game.ts';
import { gameToSgf, playOnFrom, startFromSgf, startGame } from './new-game.ts';
import { Room } from './room.ts';
import type { RoomServices } from './room.ts';
import { newCredentials } from './stored-game.ts';

/** Whether two keys are equal, in a time that does not say where they differ. */
export function isSameKey(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

export class GameHub {
  private readonly services: RoomServices;
  /** Games with somebody in them. */
  private readonly rooms = new Map<string, Room>();
  private readonly roomOf = new Map<Client, Room>();

  constructor(services: RoomServices) {
    this.services = services;
  }

  handle(client: Client, message: ClientMessage): void {
    if (message.type === 'hello') return this.resume(client, message.gameId, message.secret);
    if (message.type === 'new-game') {
      const step = this.checkLevel(message.level) ?? startGame(message, newCredentials());
      return this.begin(client, step);
    }
    if (message.type === 'load-sgf') {
      const step =
        this.checkLevel(message.level) ?? startFromSgf(message.text, message.level, newCredentials());
      return this.begin(client, step);
    }
    const room = this.roomOf.get(client);
    if (room === undefined)
      return refuse(client, 'not-open', 'No game is open here: start one, or come back to one.');
    if (message.type === 'play-on')
      return this.begin(client, playOnFrom(room.state, message.ply, newCredentials()));
    room.handle(client, message);
  }

  /** A client is gone; its game stays. */
  leave(client: Client): void {
    const room = this.roomOf.get(client);
    if (room === undefined) return;
    this.roomOf.delete(client);
    room.leave(client);
    if (!room.isEmpty) return;
    room.close();
    this.rooms.delete(room.state.id);
  }

  /** Makes a game of an uploaded SGF, to be opened with `hello`. */
  upload(sgf: Uint8Array, level: string): Step {
    return this.keep(this.checkLevel(level) ?? startFromSgf(sgf, level, newCredentials()));
  }

  /** A game as SGF, or null where there is none of that id. */
  sgfOf(id: string): { ok: true; sgf: string } | Refusal | null {
    const room = this.rooms.get(id);
    const found = room === undefined ? this.load(id) : { ok: true as const, game: room };
    if (found === null || !found.ok) return found;
    const { state } = found.game;
    const level = availableLevels(true).find((known) => known.id === state.level);
    return { ok: true, sgf: gameToSgf(state, level?.label ?? state.level) };
  }

  close(): void {
    for (const room of this.rooms.values()) room.close();
    this.rooms.clear();
    this.roomOf.clear();
  }

  private checkLevel(id: string): Step | null {
    const levels = availableLevels(this.services.search.hasNet);
    if (levels.some((level) => level.id === id)) return null;
    const known = levels.map((level) => level.id).join(', ');
    return {
      ok: false,
      code: 'bad-game',
      message: `There is no level "${id}" here: choose one of ${known}.`,
    };
  }

  private begin(client: Client, begun: Step): void {
    const step = this.keep(begun);
    if (!step.ok) return refuse(client, step.code, step.message);
    this.enter(client, new Room(step.game, this.services), true);
  }

  /** Saves a game that begins. */
  private keep(step: Step): Step {
    if (!step.ok) return step;
    try {
      this.services.store.save(step.game.state);
      return step;
    } catch (error) {
      return saveRefusal(error, 'It was not begun.', this.services.logError);
    }
  }

  private resume(client: Client, id: string | undefined, secret: string | undefined): void {
    if (id === undefined) return refuse(client, 'no-game', 'Say which game: hello needs gameId.');
    let room = this.rooms.get(id);
    if (room === undefined) {
      const loaded = this.load(id);
      if (loaded === null) return refuse(client, 'no-game', 'There is no such game on this server.');
      if (!loaded.ok) return refuse(client, loaded.code, loaded.message);
      room = new Room(loaded.game, this.services);
    }
    if (secret !== undefined && !isSameKey(secret, room.state.secret))
      return refuse(client, 'not-allowed', 'That is not the key of this game.');
    this.enter(client, room, secret !== undefined);
  }

  /** A stored game, or null where there is none of that id. */
  private load(id: string): Step | null {
    const { store, logError } = this.services;
    try {
      const state = store.load(id);
      if (state === null) return null;
      const opened = openGame(state);
      if (opened.ok) return opened;
      throw new DamagedGameError(`stored game ${id} does not replay: ${opened.message}`);
    } catch (error) {
      return loadRefusal(error, logError);
    }
  }

  private enter(client: Client, room: Room, canPlay: boolean): void {
    if (this.roomOf.get(client) !== room) this.leave(client);
    this.rooms.set(room.state.id, room);
    this.roomOf.set(client, room);
    room.join(client, canPlay);
  }
}

function refuse(client: Client, code: ErrorCode, message: string): void {
  client.send({ type: 'error', code, message });
}
