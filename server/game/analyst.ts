/** Analyses one position at a time, and remembers the last. */
import type { Position } from '#engine/go/position.ts';
import type { AnalysisMessage, ErrorMessage } from '#server/protocol/messages.ts';
import { analysisEngine } from '../levels.ts';
import type { SearchResult } from '../search/game-search.ts';
import { searchRefusal } from '../search/refusal.ts';
import { searchGame } from './game.ts';
import type { Game } from './game.ts';
import type { RoomServices } from './room.ts';

function analysisMessage(game: Game, found: SearchResult): AnalysisMessage {
  const { policy, ownershipBlack } = found;
  return {
    type: 'analysis',
    gameId: game.state.id,
    ply: game.state.moves.length,
    policy: policy === null ? null : Array.from(policy),
    winrateBlack: found.winrateBlack ?? 0.5,
    scoreBlack: found.scoreBlack,
    ownershipBlack: ownershipBlack === null ? null : Array.from(ownershipBlack),
    visits: Array.from(found.visits),
    pv: [...found.pv],
  };
}

export class Analyst {
  private readonly services: Pick<RoomServices, 'search' | 'nextSeed' | 'logError'>;
  private present: { readonly position: Position; readonly stop: AbortController } | null = null;
  private last: { readonly position: Position; readonly message: AnalysisMessage } | null = null;

  constructor(services: Pick<RoomServices, 'search' | 'nextSeed' | 'logError'>) {
    this.services = services;
  }

  /** Calls `publish` with the analysis or a refusal, unless it is stopped or asked about another position first. */
  analyse(game: Game, publish: (found: AnalysisMessage | ErrorMessage) => void): void {
    if (this.last?.position === game.position) return publish(this.last.message);
    if (this.present?.position === game.position) return;
    this.stop();
    const stop = new AbortController();
    this.present = { position: game.position, stop };
    void this.search(game, stop).then((found) => {
      if (found !== null) publish(found);
    });
  }

  stop(): void {
    this.present?.stop.abort(new Error('Nobody asks for this analysis any more.'));
    this.present = null;
  }

  private async search(game: Game, stop: AbortController): Promise<AnalysisMessage | ErrorMessage | null> {
    const { search, nextSeed, logError } = this.services;
    try {
      const found = await search.search({
        game: searchGame(game.state),
        engine: analysisEngine(search.hasNet),
        seed: nextSeed(),
        signal: stop.signal,
      });
      if (this.present?.stop !== stop) return null;
      this.present = null;
      const message = analysisMessage(game, found);
      this.last = { position: game.position, message };
      return message;
    } catch (error) {
      if (this.present?.stop !== stop) return null;
      this.present = null;
      const { code } = searchRefusal(error, logError);
      return { type: 'error', code, message: 'This position could not be analysed: ask again in a moment.' };
    }
  }
}
