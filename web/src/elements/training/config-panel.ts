/** The settings of a run, whatever they are, beside those of another. */
import { css, html, LitElement, nothing, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { configRows, type ConfigRow } from '../../state/training/config-table.ts';
import { countOf } from '../../state/training/format.ts';
import { sharedStyles } from '../../styles/shared.ts';
import { tableStyles } from './table-styles.ts';

@customElement('tengen-config-panel')
export class ConfigPanel extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    tableStyles,
    css`
      :host {
        display: grid;
        gap: 0.6rem;
      }
      table {
        max-width: 60rem;
      }
      th,
      td {
        font-variant-numeric: tabular-nums;
      }
      td {
        overflow-wrap: anywhere;
        font-family: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace;
        font-size: 0.85rem;
      }
      .differs {
        background: var(--accent-soft);
      }
      .differs th::before {
        content: '≠ ';
        font-weight: 700;
      }
      label {
        display: flex;
        gap: 0.5rem;
        align-items: center;
        font-size: 0.92rem;
      }
      input {
        width: 1.1rem;
        height: 1.1rem;
        accent-color: var(--accent);
        margin: 0;
      }
    `,
  ];

  @property() run = '';
  /** Any JSON; undefined until it has come. */
  @property({ attribute: false }) config: unknown = undefined;
  /** Name and settings of the run compared with; null for none. */
  @property() otherRun: string | null = null;
  @property({ attribute: false }) otherConfig: unknown = undefined;
  /** Those of these two runs whose settings could not be had: why is told elsewhere. */
  @property({ attribute: false }) missing: readonly string[] = [];
  @state() private onlyDifferences = true;

  override render(): TemplateResult {
    const isMissing = this.config === undefined && this.missing.includes(this.run);
    if (isMissing) return html`<p class="muted">The settings could not be read.</p>`;
    const isOtherMissing = this.otherConfig === undefined && this.missing.includes(this.otherRun ?? '');
    const isCompared = this.otherRun !== null && !isOtherMissing;
    const isWaiting = this.config === undefined || (isCompared && this.otherConfig === undefined);
    if (isWaiting) return html`<p class="muted">Loading…</p>`;
    const rows = isCompared ? configRows(this.config, this.otherConfig) : configRows(this.config);
    const differing = rows.filter(({ differs }) => differs).length;
    const shown = isCompared && this.onlyDifferences ? rows.filter(({ differs }) => differs) : rows;
    return html`
      ${
        isCompared
          ? html`<label
                ><input
                  type="checkbox"
                  .checked=${this.onlyDifferences}
                  @change=${(event: Event) => (this.onlyDifferences = (event.target as HTMLInputElement).checked)}
                />Only what differs</label
              >
              <p role="status">
                ${differing === 0 ? 'Both runs have the same settings.' : `${countOf(differing, 'setting')} of ${rows.length} ${differing === 1 ? 'differs' : 'differ'}.`}
              </p>`
          : nothing
      }
      ${shown.length === 0 ? nothing : this.renderTable(shown, isCompared)}
    `;
  }

  private renderTable(rows: readonly ConfigRow[], isCompared: boolean): TemplateResult {
    return html`<table aria-label="Settings">
      <thead>
        <tr>
          <th scope="col">Setting</th>
          <th scope="col">${this.run}</th>
          ${isCompared ? html`<th scope="col">${this.otherRun}</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ name, value, other, differs }) =>
            html`<tr class=${differs ? 'differs' : ''}>
              <th scope="row">${name}</th>
              <td>${value ?? '–'}</td>
              ${isCompared ? html`<td>${other ?? '–'}</td>` : nothing}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
