/** How charts of runs look: a card with title, value, meaning and picture. */
import { css, type CSSResult } from 'lit';

export const chartStyles: CSSResult = css`
  :host {
    display: block;
    min-width: 0;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 10px;
    padding: 0.6rem 0.75rem 0.35rem;
  }
  .top {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 0.5rem;
  }
  h2,
  h3 {
    margin: 0;
    font-size: 0.95rem;
    font-weight: 600;
    letter-spacing: normal;
    color: var(--ink);
  }
  .now {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
    white-space: nowrap;
  }
  .at {
    color: var(--muted);
    font-weight: 400;
    font-size: 0.8rem;
    margin-right: 0.3rem;
  }
  .first {
    border-bottom: 2px solid var(--accent);
  }
  .second {
    margin-left: 0.5rem;
    border-bottom: 2px dashed var(--curve-other);
  }
  .hint {
    font-size: 0.8rem;
    color: var(--muted);
    min-height: 1.2rem;
  }
  .plot {
    overflow: hidden;
    margin-top: 0.25rem;
  }
`;
