/** The strength of a run's nets over its course, with 95% intervals, beside the anchors that it is measured on. */
import { html, LitElement, nothing, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import { axisMarks } from '../../state/training/axis-words.ts';
import { formatElo, formatNumber } from '../../state/training/format.ts';
import { eloWords, type RatedNet, type RatedPlayer } from '../../state/training/ladder.ts';
import type { AxisName } from '../../state/training/run-axis.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { plainAxis, PlotController, type PlotColors } from '../plot-controller.ts';
import { chartStyles } from './chart-styles.ts';
import { drawAnchors, drawIntervals } from './elo-art.ts';
import { SYNC_KEY } from './run-chart.ts';

const HEIGHT_PX = 240;

@customElement('tengen-elo-chart')
export class EloChart extends LitElement {
  static override styles: CSSResult[] = [sharedStyles, unsafeCSS(uPlotCss), chartStyles];

  @property({ attribute: false }) nets: readonly RatedNet[] = [];
  /** Of the run compared with. */
  @property({ attribute: false }) otherNets: readonly RatedNet[] = [];
  @property({ attribute: false }) anchors: readonly RatedPlayer[] = [];
  @property() over: AxisName = 'step';
  @property({ type: Number }) end = 1;
  @state() private pointed: RatedNet | null = null;
  private data: uPlot.AlignedData = [[], [], []];
  private readonly chart = new PlotController(this, {
    heightPx: HEIGHT_PX,
    options: (color) => this.options(color),
    data: () => this.data,
  });

  override willUpdate(changed: Map<string, unknown>): void {
    if (!['nets', 'otherNets', 'anchors', 'end'].some((name) => changed.has(name))) return;
    const tables = [this.otherNets, this.nets].map((nets) => [
      nets.map(({ x }) => x),
      nets.map(({ elo }) => elo),
    ]);
    this.data = uPlot.join(tables as uPlot.AlignedData[]);
  }

  override updated(changed: Map<string, unknown>): void {
    if (changed.has('over')) this.chart.rebuild();
  }

  override render(): TemplateResult {
    const shown = this.pointed ?? this.nets.at(-1);
    return html`<div class="top">
        <h2>Strength</h2>
        ${
          shown === undefined
            ? nothing
            : html`<span class="now"><span class="at">${shown.name}</span>${eloWords(shown)}</span>`
        }
      </div>
      <p class="hint">
        Elo of the nets over random play. Bars: 95% intervals against the ladder's mean. Dashed: what they are
        measured on
      </p>
      <div class="plot" role="img" aria-label=${this.label()}></div>`;
  }

  private label(): string {
    const [first, last] = [this.nets.at(0), this.nets.at(-1)];
    if (first === undefined || last === undefined) return 'Strength: no net has been judged yet';
    const anchors = this.anchors.map((anchor) => `${anchor.name} ${formatElo(anchor.elo)}`).join(', ');
    return `Strength: ${this.nets.length} nets, from ${eloWords(first)} to ${eloWords(last)}; for comparison ${anchors}`;
  }

  private options(color: PlotColors): Omit<uPlot.Options, 'width' | 'height'> {
    const axis = plainAxis(color);
    const line = (name: string, dash?: number[]): uPlot.Series => ({
      stroke: color(name),
      width: 2,
      spanGaps: true,
      points: { show: true, size: 6, fill: color(name) },
      ...(dash && { dash }),
    });
    return {
      padding: [10, 18, 0, 0],
      scales: { x: { time: false, range: () => [0, this.end] }, y: { range: () => this.yRange() } },
      axes: [
        { ...axis, ...axisMarks(this.over) },
        { ...axis, size: 46, space: 36, values: (_, splits) => splits.map(formatNumber) },
      ],
      series: [{}, line('--curve-other', [6, 4]), line('--accent')],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: SYNC_KEY } },
      hooks: {
        setCursor: [(plot) => this.onCursor(plot)],
        drawAxes: [(plot) => drawAnchors(plot, this.anchors, color('--muted'))],
        draw: [
          (plot) => {
            drawIntervals(plot, this.otherNets, color('--curve-other'));
            drawIntervals(plot, this.nets, color('--accent'));
          },
        ],
      },
    };
  }

  /** Everything that is drawn, with room for the anchors' names. */
  private yRange(): [number, number] {
    const players = [...this.nets, ...this.otherNets, ...this.anchors];
    if (players.length === 0) return [0, 1000];
    const low = Math.min(0, ...players.map((player) => player.low));
    const high = Math.max(200, ...players.map((player) => player.high));
    return [low - 0.04 * (high - low), high + 0.06 * (high - low)];
  }

  private onCursor(plot: uPlot): void {
    const { left } = plot.cursor;
    const at = left === undefined || left < 0 ? null : plot.posToVal(left, 'x');
    this.pointed = at === null ? null : (this.nets.findLast(({ x }) => x <= at) ?? null);
  }
}
