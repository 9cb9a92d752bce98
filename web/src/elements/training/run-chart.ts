/** One figure of a run over its course, beside another run's: smoothed unless exact, with every value faint behind. */
import { html, LitElement, nothing, unsafeCSS, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import uPlot from 'uplot';
import uPlotCss from 'uplot/dist/uPlot.min.css?inline';
import type { Curve } from '../../state/training/curves.ts';
import { axisMarks, describeAt } from '../../state/training/axis-words.ts';
import type { AxisName } from '../../state/training/run-axis.ts';
import { reachOf, smooth, thin, type Points } from '../../state/training/smoothing.ts';
import { valueRange } from '../../state/training/value-range.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { plainAxis, PlotController, type PlotColors } from '../plot-controller.ts';
import { chartStyles } from './chart-styles.ts';

const HEIGHT_PX = 150;
/** Stretches of a curve whose extremes are drawn: about the pixels of a chart. */
const BUCKETS = 400;
/** A curve of fewer values than this shows each of them: a single one is no line. */
const FEW_VALUES = 3;
/** Charts with this key show the same place under the pointer. */
export const SYNC_KEY = 'training';

type Drawn = { readonly raw: Points; readonly smoothed: Points };

@customElement('tengen-run-chart')
export class RunChart extends LitElement {
  static override styles: CSSResult[] = [sharedStyles, unsafeCSS(uPlotCss), chartStyles];

  @property({ attribute: false }) curve!: Curve;
  /** The same figure of the run compared with, or null. */
  @property({ attribute: false }) other: Curve | null = null;
  @property() over: AxisName = 'step';
  /** In [0, 1]. */
  @property({ type: Number }) smoothing = 0;
  /** Where the axis ends, the same for all charts. */
  @property({ type: Number }) end = 1;
  /** The place under the pointer, or null. */
  @state() private pointed: number | null = null;
  private own: Drawn = { raw: { x: [], y: [] }, smoothed: { x: [], y: [] } };
  private others: Drawn | null = null;
  private data: uPlot.AlignedData = [[], [], []];
  private yRange: [number, number] = [0, 1];
  private readonly chart = new PlotController(this, {
    heightPx: HEIGHT_PX,
    options: (color) => this.options(color),
    data: () => this.data,
  });

  override willUpdate(changed: Map<string, unknown>): void {
    if (!['curve', 'other', 'over', 'smoothing', 'end'].some((name) => changed.has(name))) return;
    this.own = this.prepare(this.curve);
    this.others = this.other === null ? null : this.prepare(this.other);
    const drawn = this.others === null ? [this.own] : [this.others, this.own];
    const tables = drawn.flatMap(({ raw, smoothed }) => [raw, smoothed]).map(({ x, y }) => [x, y]);
    this.data = uPlot.join(tables as uPlot.AlignedData[]);
    this.yRange = valueRange(
      drawn.map(({ raw, smoothed }) => ({ raw: raw.y, smoothed: smoothed.y })),
      this.curve.range,
    );
  }

  override updated(changed: Map<string, unknown>): void {
    const wasOther = changed.has('other') && (changed.get('other') === null) !== (this.other === null);
    if (changed.has('over') || wasOther) this.chart.rebuild();
  }

  private prepare({ points, isExact }: Curve): Drawn {
    const reach = isExact ? 0 : reachOf(this.smoothing, points.x.length);
    const smoothed = { x: points.x, y: smooth(points.y, reach) };
    return { raw: thin(points, BUCKETS), smoothed: thin(smoothed, BUCKETS) };
  }

  override render(): TemplateResult {
    const { title, hint, format } = this.curve;
    const at = this.pointed ?? this.end;
    const value = valueAt(this.own.smoothed, at);
    const other = this.others === null ? null : valueAt(this.others.smoothed, at);
    const text = value === null ? '–' : format(value);
    return html`<div class="top">
        <h3>${title}</h3>
        <span class="now">
          ${this.pointed === null ? nothing : html`<span class="at">${describeAt(this.pointed, this.over)}</span>`}
          <span class=${other === null ? '' : 'first'}>${text}</span>
          ${other === null ? nothing : html`<span class="second">${format(other)}</span>`}
        </span>
      </div>
      <p class="hint">${hint}</p>
      <div class="plot" role="img" aria-label=${this.label(text)}></div>`;
  }

  /** What the picture shows, in words. */
  private label(now: string): string {
    const { title, format, points } = this.curve;
    const known = points.y.filter((value) => value !== null);
    if (known.length === 0) return `${title}: nothing known yet`;
    const [low, high] = [Math.min(...this.knownOf(this.own.raw)), Math.max(...this.knownOf(this.own.raw))];
    return `${title}, now ${now}, from ${format(known[0])} at first, between ${format(low)} and ${format(high)}`;
  }

  private knownOf({ y }: Points): number[] {
    return y.filter((value) => value !== null);
  }

  private options(color: PlotColors): Omit<uPlot.Options, 'width' | 'height'> {
    const axis = plainAxis(color);
    const line = (name: string, dash?: number[]): uPlot.Series[] => [
      { stroke: `${color(name)}44`, width: 1, spanGaps: true, points: { show: false } },
      {
        stroke: color(name),
        width: 2,
        spanGaps: true,
        points: { show: hasFewValues, size: 6, fill: color(name) },
        ...(dash && { dash }),
      },
    ];
    return {
      padding: [8, 16, 0, 0],
      scales: { x: { time: false, range: () => [0, this.end] }, y: { range: () => this.yRange } },
      axes: [
        { ...axis, ...axisMarks(this.over) },
        { ...axis, size: 46, space: 24, values: (_, splits) => splits.map(this.curve.format) },
      ],
      series: [{}, ...(this.others === null ? [] : line('--curve-other', [6, 4])), ...line('--accent')],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false }, sync: { key: SYNC_KEY } },
      hooks: { setCursor: [(plot) => this.onCursor(plot)] },
    };
  }

  private onCursor(plot: uPlot): void {
    const { left } = plot.cursor;
    this.pointed = left === undefined || left < 0 ? null : plot.posToVal(left, 'x');
  }
}

function hasFewValues(plot: uPlot, series: number): boolean {
  return Array.from(plot.data[series]).filter((value) => typeof value === 'number').length < FEW_VALUES;
}

/** The last known value at or before a place. */
function valueAt({ x, y }: Points, at: number): number | null {
  for (let i = x.length - 1; i >= 0; i--) {
    const value = y[i];
    if (x[i] <= at && value !== null) return value;
  }
  return null;
}
