/** Black's win rate after each move; a click shows that position. */
import { css, html, LitElement, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { lonePoints, withGaps } from '../state/gaps.ts';
import { sharedStyles } from '../styles/shared.ts';
import { emit } from './events.ts';
import { plainAxis, PlotController, type PlotColors } from './plot-controller.ts';

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
  private readonly chart = new PlotController(this, {
    heightPx: HEIGHT_PX,
    options: (color) => this.options(color),
    data: () => this.data(),
  });

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

  private data(): uPlot.AlignedData {
    // At least two plies wide, so that the axis does not collapse before the first move.
    const plies = Math.max(2, this.winrateBlack.length);
    const xs = Array.from({ length: plies }, (_, i) => i);
    const percents = xs.map((i) =>
      typeof this.winrateBlack[i] === 'number' ? 100 * this.winrateBlack[i] : null,
    );
    return [xs, [...withGaps(percents)]];
  }

  private options(color: PlotColors): Omit<uPlot.Options, 'width' | 'height'> {
    const axis = plainAxis(color);
    return {
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
          points: {
            size: 5,
            fill: color('--accent'),
            // On a long curve the points are too many to show, but for those without a line.
            filter: (plot, series, show) => (show ? null : lonePoints([...plot.data[series]])),
          },
        },
      ],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      hooks: { draw: [(plot) => this.drawPly(plot, color('--muted'))] },
    };
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

  private readonly onClick = (): void => {
    const index = this.chart.plot?.cursor.idx;
    if (typeof index === 'number' && index < this.winrateBlack.length) emit(this, 'ply-chosen', index);
  };
}
