/** Black's win rate after each move; a click shows that position. */
import { css, html, LitElement, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { sharedStyles } from '../styles/shared.ts';
import { emit } from './events.ts';

const HEIGHT_PX = 130;

@customElement('tengen-winrate-curve')
export class WinrateCurve extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    unsafeCSS(uPlotCss),
    css`
      :host {
        display: block;
        min-width: 0;
      }
      .top {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        font-size: 0.85rem;
      }
      .plot {
        height: ${HEIGHT_PX}px;
        cursor: pointer;
        overflow: hidden;
      }
      .u-legend {
        display: none;
      }
    `,
  ];

  /** [plies + 1], index 0 = before the first move; null where nothing was searched. */
  @property({ attribute: false }) winrateBlack: readonly (number | null)[] = [];
  /** The ply the board shows. */
  @property({ type: Number }) ply = 0;
  /** How the game ended, shown for its last position; '' while it goes on. */
  @property() outcome = '';
  private plot: uPlot | null = null;
  private readonly darkMode = matchMedia('(prefers-color-scheme: dark)');
  private readonly resizes = new ResizeObserver(() => this.resize());
  private readonly onScheme = (): void => this.rebuild();

  override connectedCallback(): void {
    super.connectedCallback();
    this.darkMode.addEventListener('change', this.onScheme);
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.darkMode.removeEventListener('change', this.onScheme);
    this.resizes.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  override render(): TemplateResult {
    const now = this.winrateBlack[this.ply] ?? null;
    const isEnd = this.outcome !== '' && this.ply === this.winrateBlack.length - 1;
    const text = isEnd ? this.outcome : now === null ? 'not known' : `${Math.round(100 * now)}%`;
    return html`<div class="top">
        <h2>Black's win rate</h2>
        <span>${text}</span>
      </div>
      <div
        class="plot"
        role="img"
        aria-label="Black's win rate by move, at this move ${text}"
        @click=${this.onClick}
      ></div>`;
  }

  override updated(): void {
    if (this.plot === null) this.rebuild();
    else this.plot.setData(this.data(), true);
  }

  private data(): uPlot.AlignedData {
    // At least two plies wide, so that the axis does not collapse before the first move.
    const plies = Math.max(2, this.winrateBlack.length);
    const xs = Array.from({ length: plies }, (_, i) => i);
    return [
      xs,
      xs.map((i) => (typeof this.winrateBlack[i] === 'number' ? 100 * this.winrateBlack[i] : null)),
    ];
  }

  private rebuild(): void {
    const target = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (target === null) return;
    this.plot?.destroy();
    const style = getComputedStyle(this);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: color('--muted'),
      font: '11px system-ui, sans-serif',
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
    };
    this.plot = new uPlot(
      {
        width: Math.max(100, target.clientWidth),
        height: HEIGHT_PX,
        padding: [8, 14, 0, 0],
        scales: { x: { time: false }, y: { range: [0, 100] } },
        axes: [
          { ...axis, size: 22, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500] },
          { ...axis, size: 34, splits: [0, 50, 100] },
        ],
        series: [
          {},
          {
            stroke: color('--accent'),
            width: 2,
            fill: color('--accent-soft'),
            spanGaps: true,
            points: { size: 4 },
          },
        ],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        hooks: { draw: [(plot) => this.drawPly(plot, color('--muted'))] },
      },
      this.data(),
      target,
    );
  }

  private drawPly(plot: uPlot, color: string): void {
    const x = plot.valToPos(this.ply, 'x', true);
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = color;
    ctx.setLineDash([4, 4]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  private resize(): void {
    const width = this.renderRoot.querySelector<HTMLElement>('.plot')?.clientWidth ?? 0;
    if (width > 0) this.plot?.setSize({ width, height: HEIGHT_PX });
  }

  private readonly onClick = (): void => {
    const index = this.plot?.cursor.idx;
    if (typeof index === 'number' && index < this.winrateBlack.length) emit(this, 'ply-chosen', index);
  };
}
