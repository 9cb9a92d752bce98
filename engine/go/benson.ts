/** Unconditional life (Benson 1976): regions, and which chains live whatever the opponent does, in reused arrays. */
import type { Board } from './board.ts';
import { EMPTY } from './color.ts';
import type { Color } from './color.ts';
import { MAX_BOARD_SIDE } from './size.ts';

const MAX_AREA = MAX_BOARD_SIDE ** 2;

/**
 * The analysis of one colour of one board, valid until the next `analyse`. A region is a connected area without stones
 * of the colour; it is vital to a chain where each of its empty points is a liberty of the chain.
 */
export class Benson {
  /** Regions found; region r holds the points `points[start[r]]` to `points[start[r + 1] - 1]`. */
  regions = 0;
  readonly points = new Int16Array(MAX_AREA);
  readonly start = new Int16Array(MAX_AREA + 1);
  /** uint8 [regions]: 1 where every chain around the region is alive. */
  readonly safe = new Uint8Array(MAX_AREA);
  /** uint8 [regions]: 1 where stones of the other colour stand inside. */
  readonly contested = new Uint8Array(MAX_AREA);
  /** int16 [regions]: points inside that touch no stone of the colour. */
  readonly interior = new Int16Array(MAX_AREA);
  /** int16 [regions]: chains to which the region is vital. */
  readonly vitalChains = new Int16Array(MAX_AREA);
  /** uint8 [area], at chain ids: 1 where the chain is pass-alive. */
  readonly alive = new Uint8Array(MAX_AREA);

  /** Borders: each chain beside each region, those of region r from `firstBorder[r]` on. */
  private readonly firstBorder = new Int16Array(MAX_AREA + 1);
  private readonly borderChain = new Int16Array(4 * MAX_AREA);
  private readonly touching = new Int16Array(4 * MAX_AREA);
  private readonly vital = new Uint8Array(4 * MAX_AREA);
  private readonly lastPoint = new Int16Array(4 * MAX_AREA);
  /** [area], at chain ids: the border between the chain and the region being read, if at least its first. */
  private readonly borderOf = new Int16Array(MAX_AREA);
  /** [area], at chain ids: safe regions that are vital to the chain. */
  private readonly vitalRegions = new Int16Array(MAX_AREA);
  private readonly chains = new Int16Array(MAX_AREA);
  private chainCount = 0;
  private readonly seen = new Uint8Array(MAX_AREA);

  /** @param suicide whether the rules allow it: then every point of a region must be a liberty, stones or not. */
  analyse(board: Board, color: Color, suicide: boolean): void {
    this.findChains(board, color);
    this.findRegions(board, color, suicide);
    while (this.dropChains()) this.dropRegions();
  }

  /** Whether region `r` touches the colour at all: an empty board touches none. */
  isBordered(r: number): boolean {
    return this.firstBorder[r + 1] > this.firstBorder[r];
  }

  private findChains(board: Board, color: Color): void {
    this.chainCount = 0;
    for (let p = 0; p < board.area; p++) {
      this.seen[p] = 0;
      if (board.stones[p] !== color || board.chainId(p) !== p) continue;
      this.chains[this.chainCount++] = p;
      this.alive[p] = 1;
      this.vitalRegions[p] = 0;
      this.borderOf[p] = -1;
    }
  }

  private findRegions(board: Board, color: Color, suicide: boolean): void {
    const { points, start, seen } = this;
    let [regions, end, borders] = [0, 0, 0];
    for (let first = 0; first < board.area; first++) {
      if (seen[first] === 1 || board.stones[first] === color) continue;
      start[regions] = end;
      this.firstBorder[regions] = borders;
      this.interior[regions] = 0;
      this.contested[regions] = 0;
      this.safe[regions] = 1;
      seen[first] = 1;
      points[end++] = first;
      let claims = 0;
      for (let i = start[regions]; i < end; i++) {
        const p = points[i];
        const isEmpty = board.stones[p] === EMPTY;
        const claimed = isEmpty || suicide;
        if (claimed) claims++;
        if (!isEmpty) this.contested[regions] = 1;
        let isInterior = true;
        for (let n = 4 * p; n < 4 * p + 4; n++) {
          const q = board.neighbors[n];
          if (q < 0) break;
          if (board.stones[q] !== color) {
            if (seen[q] === 1) continue;
            seen[q] = 1;
            points[end++] = q;
            continue;
          }
          isInterior = false;
          const chain = board.chainId(q);
          let border = this.borderOf[chain];
          if (border < this.firstBorder[regions]) {
            border = this.borderOf[chain] = borders++;
            this.borderChain[border] = chain;
            this.touching[border] = 0;
            this.lastPoint[border] = -1;
          }
          if (!claimed || this.lastPoint[border] === p) continue;
          this.lastPoint[border] = p;
          this.touching[border]++;
        }
        if (isInterior) this.interior[regions]++;
      }
      this.vitalChains[regions] = 0;
      for (let border = this.firstBorder[regions]; border < borders; border++) {
        this.vital[border] = claims > 0 && this.touching[border] === claims ? 1 : 0;
        this.vitalChains[regions] += this.vital[border];
        this.vitalRegions[this.borderChain[border]] += this.vital[border];
      }
      regions++;
    }
    start[regions] = end;
    this.firstBorder[regions] = borders;
    this.regions = regions;
  }

  /** Gives up the chains with fewer than two vital regions; whether there were any. */
  private dropChains(): boolean {
    let kept = 0;
    for (let i = 0; i < this.chainCount; i++) {
      const chain = this.chains[i];
      if (this.vitalRegions[chain] < 2) this.alive[chain] = 0;
      else this.chains[kept++] = chain;
    }
    const dropped = kept < this.chainCount;
    this.chainCount = kept;
    return dropped;
  }

  /** Takes the regions beside a chain that was given up from the other chains around them. */
  private dropRegions(): void {
    for (let r = 0; r < this.regions; r++) {
      if (this.safe[r] === 0) continue;
      const [from, to] = [this.firstBorder[r], this.firstBorder[r + 1]];
      for (let b = from; b < to; b++) if (this.alive[this.borderChain[b]] === 0) this.safe[r] = 0;
      if (this.safe[r] === 1) continue;
      for (let b = from; b < to; b++) this.vitalRegions[this.borderChain[b]] -= this.vital[b];
    }
  }
}
