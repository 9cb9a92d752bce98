/** All curves of a run, beside those of another, with what they are drawn over and how much they are smoothed. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { AXIS_LABELS } from '../../state/training/axis-words.ts';
import { curvesOf, type Curve } from '../../state/training/curves.ts';
import { anchorsOf, netsOf, type RatedNet, type RatedPlayer } from '../../state/training/ladder.ts';
import { makeAxis, type AxisName } from '../../state/training/run-axis.ts';
import { mayHaveGames, NO_DATA, type RunData } from '../../state/training/run-data.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { emit } from '../events.ts';
import { choiceStyles } from '../choice-styles.ts';
import './elo-chart.ts';
import './run-chart.ts';

/** What one run contributes. */
type Drawn = {
  readonly curves: readonly Curve[];
  readonly nets: readonly RatedNet[];
  readonly anchors: readonly RatedPlayer[];
};

@customElement('tengen-curves-view')
export class CurvesView extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    choiceStyles,
    css`
      :host {
        display: grid;
        gap: 0.75rem;
      }
      .controls {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1.5rem;
        align-items: center;
      }
      .smoothing {
        display: flex;
        gap: 0.6rem;
        align-items: center;
        font-size: 0.92rem;
      }
      input[type='range'] {
        accent-color: var(--accent);
        width: 9rem;
      }
      .charts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
        gap: 0.75rem;
      }
      h2 {
        margin: 0.25rem 0 0.5rem;
      }
      .spacer {
        flex: 1;
      }
    `,
  ];

  @property() run = '';
  @property({ attribute: false }) data: RunData = NO_DATA;
  /** Name of the run compared with, or null. */
  @property() otherRun: string | null = null;
  /** Of the run compared with, or null. */
  @property({ attribute: false }) otherData: RunData | null = null;
  @property() over: AxisName = 'step';
  /** In [0, 1]. */
  @property({ type: Number }) smoothing = 0;
  private own: Drawn = { curves: [], nets: [], anchors: [] };
  private others: Drawn | null = null;
  private end = 1;

  override willUpdate(changed: Map<string, unknown>): void {
    const isNew = (name: 'data' | 'otherData'): boolean => {
      const before = changed.get(name) as RunData | null | undefined;
      return changed.has(name) && !(before && this[name] && isSame(before, this[name]));
    };
    const axisChanged = changed.has('over');
    if (isNew('data') || axisChanged) this.own = this.prepare(this.data);
    if (isNew('otherData') || axisChanged)
      this.others = this.otherData === null ? null : this.prepare(this.otherData);
    const drawn = this.others === null ? [this.own] : [this.own, this.others];
    this.end = Math.max(
      1,
      ...drawn.flatMap(({ curves }) => curves.map(({ points }) => points.x.at(-1) ?? 0)),
      ...drawn.flatMap(({ nets }) => nets.map(({ x }) => x)),
    );
  }

  private prepare(data: RunData): Drawn {
    const axis = makeAxis(data, this.over);
    return { curves: curvesOf(data, axis), nets: netsOf(data, axis), anchors: anchorsOf(data) };
  }

  override render(): TemplateResult {
    const { own, others, over, end } = this;
    return html`${this.renderControls()} ${this.renderOffAxis(this.run, this.data, own)}
    ${this.renderOffAxis(this.otherRun, this.otherData, others)}
    ${own.curves.length === 0 && this.data.now > 0 ? html`<p class="muted">There is nothing to draw yet.</p>` : nothing}
    ${
      own.nets.length === 0
        ? nothing
        : html`<tengen-elo-chart
            .nets=${own.nets}
            .otherNets=${others?.nets ?? []}
            .anchors=${own.anchors}
            .over=${over}
            .end=${end}
          ></tengen-elo-chart>`
    }
    ${(['Learning', 'Self-play'] as const).map((group) => this.renderGroup(group))}`;
  }

  /** A note where nothing of a run has a place on the axis, such as one without games over games. */
  private renderOffAxis(
    run: string | null,
    data: RunData | null,
    drawn: Drawn | null,
  ): TemplateResult | typeof nothing {
    const isOff =
      this.over !== 'step' &&
      (data?.metrics.length ?? 0) > 0 &&
      drawn?.curves.every(({ points }) => points.x.length === 0) === true;
    if (!isOff) return nothing;
    const untold = AXIS_LABELS[this.over].toLowerCase();
    return html`<p role="status">${run} does not tell its ${untold}: it can be drawn over steps.</p>`;
  }

  private renderGroup(group: Curve['group']): TemplateResult | typeof nothing {
    const { own, others, over, smoothing, end } = this;
    const curves = own.curves.filter((curve) => curve.group === group);
    if (curves.length === 0) return nothing;
    return html`<section aria-labelledby=${group}>
      <h2 id=${group}>${group}</h2>
      <div class="charts">
        ${curves.map(
          (curve) =>
            html`<tengen-run-chart
              .curve=${curve}
              .other=${others?.curves.find(({ id }) => id === curve.id) ?? null}
              .over=${over}
              .smoothing=${smoothing}
              .end=${end}
            ></tengen-run-chart>`,
        )}
      </div>
    </section>`;
  }

  /** A run without games tells neither how many there were nor its time. */
  private renderAxes(): TemplateResult | typeof nothing {
    if (!mayHaveGames(this.data)) return nothing;
    return html`<div class="choices" role="radiogroup" aria-label="Drawn over">
      ${(Object.keys(AXIS_LABELS) as AxisName[]).map(
        (axis) =>
          html`<label
            ><input
              class="visually-hidden"
              type="radio"
              name="over"
              value=${axis}
              .checked=${axis === this.over}
              @change=${() => emit(this, 'route-chosen', { over: axis })}
            />${AXIS_LABELS[axis]}</label
          >`,
      )}
    </div>`;
  }

  private renderControls(): TemplateResult {
    return html`<div class="controls">
      ${this.renderAxes()}
      <label class="smoothing"
        >Smoothing
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          .value=${String(this.smoothing)}
          @input=${(event: Event) => emit(this, 'smoothing-chosen', Number((event.target as HTMLInputElement).value))}
      /></label>
      <span class="spacer"></span>
      <button
        ?disabled=${this.data.metrics.length === 0}
        @click=${() => emit(this, 'table-save-requested', this.data)}
      >
        Save CSV
      </button>
    </div>`;
  }
}

/** Whether the same would be drawn of both. */
function isSame(a: RunData, b: RunData): boolean {
  return (
    a.metrics === b.metrics &&
    a.generations === b.generations &&
    JSON.stringify(a.ratings) === JSON.stringify(b.ratings)
  );
}
