/** The board: an SVG grid with one tab stop that draws a BoardView and tells which point was chosen. */
import {
  html,
  LitElement,
  nothing,
  svg,
  type CSSResult,
  type SVGTemplateResult,
  type TemplateResult,
} from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { emptyView, type BoardView } from '../state/board-view.ts';
import { boardArt, definitions } from './board-art.ts';
import { boardStyles } from './board-styles.ts';
import { emit } from './events.ts';
import { ghostArt, pointArt } from './stones.ts';

/** From the outermost line to the wood's edge, with and without coordinates, in board units. */
const MARGIN_WITH_COORDINATES = 1.05;
const MARGIN = 0.65;

@customElement('tengen-board')
export class TengenBoard extends LitElement {
  static override styles: CSSResult = boardStyles;

  @property({ attribute: false }) view: BoardView = emptyView(9);
  @property({ type: Boolean }) coordinates = true;
  /** Whether a tap only proposes a move, which a second tap plays. */
  @property({ type: Boolean }) confirmTouch = true;
  /** The point that has the tab stop. */
  @state() private focused: number | null = null;
  @state() private hovered: number | null = null;
  @state() private candidate: number | null = null;
  private pointerType = 'mouse';

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('view')) return;
    const before = changed.get('view') as BoardView | undefined;
    if (before?.width !== this.view.width || before.height !== this.view.height) this.focused = null;
    if (this.candidate !== null && this.view.clickable[this.candidate] !== 1) this.propose(null);
  }

  /** Plays the proposed move, as a second tap on it does. */
  confirmCandidate(): void {
    if (this.candidate !== null) this.choose(this.candidate);
  }

  cancelCandidate(): void {
    this.propose(null);
  }

  override render(): TemplateResult {
    const { view } = this;
    const { width, height } = view;
    const margin = this.coordinates ? MARGIN_WITH_COORDINATES : MARGIN;
    const box = `${-margin} ${-margin} ${width - 1 + 2 * margin} ${height - 1 + 2 * margin}`;
    const area = width * height;
    return html`
      <svg
        role="grid"
        aria-label="Go board, ${width} by ${height}"
        aria-describedby="keys"
        viewBox=${box}
        @click=${this.onClick}
        @keydown=${this.onKeyDown}
        @pointerdown=${this.onPointer}
        @pointermove=${this.onPointer}
        @pointerleave=${this.onPointerLeave}
      >
        ${definitions} ${boardArt(width, height, margin, this.coordinates)}
        <g aria-hidden="true">
          ${Array.from({ length: area }, (_, p) => pointArt(view, p))} ${this.renderGhost()}
        </g>
        ${Array.from(
          { length: height },
          (_, y) => svg`<g role="row">${Array.from({ length: width }, (__, x) => this.renderCell(x, y))}</g>`,
        )}
      </svg>
      <p id="keys" hidden>
        Arrow keys move, Enter plays. L says the last move, C the captures. Away from the board, the left and
        right arrow keys step through the game.
      </p>
    `;
  }

  private renderCell(x: number, y: number): SVGTemplateResult {
    const { view } = this;
    const p = y * view.width + x;
    const stop = this.focused ?? view.lastMove ?? Math.floor((view.width * view.height) / 2);
    const isActive = view.action !== 'none' && view.clickable[p] !== 0;
    return svg`
      <g class=${isActive ? 'cell active' : 'cell'} role="gridcell" data-point=${p}
        tabindex=${p === stop ? 0 : -1} aria-label=${view.labels[p]}
        aria-current=${p === this.candidate ? 'true' : nothing}>
        <rect x=${x - 0.5} y=${y - 0.5} width="1" height="1" />
      </g>`;
  }

  private renderGhost(): SVGTemplateResult | typeof nothing {
    const { view } = this;
    const p = view.pending ?? this.candidate ?? (view.action === 'play' ? this.hovered : null);
    if (p === null || p >= view.width * view.height || view.stones[p] !== 0) return nothing;
    if (p === this.hovered && view.pending === null && view.clickable[p] === 0) return nothing;
    return ghostArt(p % view.width, Math.floor(p / view.width), view.toPlay);
  }

  private pointOf(event: Event): number | null {
    const cell = event.target instanceof Element ? event.target.closest('[data-point]') : null;
    return cell === null ? null : Number(cell.getAttribute('data-point'));
  }

  private readonly onPointer = (event: PointerEvent): void => {
    this.pointerType = event.pointerType;
    this.hovered = event.pointerType === 'mouse' ? this.pointOf(event) : null;
  };

  private readonly onPointerLeave = (): void => {
    this.hovered = null;
  };

  private readonly onClick = (event: MouseEvent): void => {
    const p = this.pointOf(event);
    if (p === null) return;
    this.focused = p;
    const needsConfirming = this.confirmTouch && this.pointerType !== 'mouse' && this.view.action === 'play';
    if (needsConfirming && p !== this.candidate) this.propose(this.view.clickable[p] === 0 ? null : p);
    else this.choose(p);
  };

  private choose(p: number): void {
    this.propose(null);
    if (this.view.action !== 'none' && this.view.clickable[p] !== 0) emit(this, 'point-chosen', p);
  }

  private propose(p: number | null): void {
    if (this.candidate === p) return;
    this.candidate = p;
    emit(this, 'candidate-changed', p);
  }

  private readonly onKeyDown = (event: KeyboardEvent): void => {
    const from = this.pointOf(event);
    if (from === null || event.ctrlKey || event.metaKey || event.altKey) return;
    const { width, height } = this.view;
    let x = from % width;
    let y = Math.floor(from / width);
    switch (event.key) {
      case 'ArrowLeft':
        x = Math.max(0, x - 1);
        break;
      case 'ArrowRight':
        x = Math.min(width - 1, x + 1);
        break;
      case 'ArrowUp':
        y = Math.max(0, y - 1);
        break;
      case 'ArrowDown':
        y = Math.min(height - 1, y + 1);
        break;
      case 'Home':
        x = 0;
        break;
      case 'End':
        x = width - 1;
        break;
      case 'PageUp':
        y = 0;
        break;
      case 'PageDown':
        y = height - 1;
        break;
      case 'Enter':
      case ' ':
        event.preventDefault();
        this.choose(from);
        return;
      case 'l':
        emit(this, 'say-requested', 'last-move');
        return;
      case 'c':
        emit(this, 'say-requested', 'captures');
        return;
      default:
        return;
    }
    event.preventDefault();
    this.focused = y * width + x;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<SVGElement>(`[data-point="${this.focused}"]`)?.focus(),
    );
  };
}
