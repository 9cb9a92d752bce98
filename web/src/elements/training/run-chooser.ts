/** Which run is looked at, and which one it is compared with. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { makeRoute, type Route } from '../../state/training/route.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { emit } from '../events.ts';

@customElement('tengen-run-chooser')
export class RunChooser extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: 0.5rem 1rem;
        align-items: center;
      }
      a {
        color: var(--accent);
      }
      label {
        display: flex;
        gap: 0.5rem;
        align-items: center;
        font-size: 0.92rem;
        color: var(--muted);
        min-width: 0;
      }
      select {
        max-width: 16rem;
        text-overflow: ellipsis;
      }
      .swatch {
        width: 1.4rem;
        height: 0;
        border-top: 3px solid var(--accent);
      }
      .swatch.other {
        border-top-style: dashed;
        border-color: var(--curve-other);
      }
    `,
  ];

  @property({ attribute: false }) route!: Route;
  /** Of all runs. */
  @property({ attribute: false }) names: readonly string[] = [];

  override render(): TemplateResult {
    const { run, compare } = this.route;
    // One that is gone, or not listed, stays among them.
    const all = [...new Set([...this.names, run, compare])].filter((name) => name !== null);
    const others = all.filter((name) => name !== run);
    const isCompared = compare !== null;
    return html`
      <a href=${makeRoute({ ...this.route, run: null })}>← All runs</a>
      <label>
        ${isCompared ? html`<span class="swatch"></span>` : nothing} Run
        <select @change=${(event: Event) => this.choose({ run: valueOf(event), compare: null })}>
          ${all.map((name) => html`<option value=${name} .selected=${name === run}>${name}</option>`)}
        </select>
      </label>
      ${
        others.length === 0
          ? nothing
          : html`<label>
              ${isCompared ? html`<span class="swatch other"></span>` : nothing} Compare
              <select @change=${(event: Event) => this.choose({ compare: valueOf(event) || null })}>
                <option value="" .selected=${!isCompared}>nothing</option>
                ${others.map((name) => html`<option value=${name} .selected=${name === compare}>${name}</option>`)}
              </select>
            </label>`
      }
    `;
  }

  private choose(change: Partial<Route>): void {
    emit(this, 'route-chosen', change);
  }
}

const valueOf = (event: Event): string => (event.target as HTMLSelectElement).value;
