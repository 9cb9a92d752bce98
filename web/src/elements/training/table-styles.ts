/** Tables of names and numbers. */
import { css, type CSSResult } from 'lit';

export const tableStyles: CSSResult = css`
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 0.92rem;
  }
  th,
  td {
    text-align: left;
    padding: 0.3rem 0.5rem;
    border-bottom: 1px solid var(--line);
    font-weight: 400;
    overflow-wrap: break-word;
  }
  thead th {
    font-size: 0.8rem;
    font-weight: 600;
    color: var(--muted);
  }
  .number {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  @media (max-width: 30rem) {
    table {
      font-size: 0.85rem;
    }
    th,
    td {
      padding-inline: 0.25rem;
    }
  }
  .muted {
    color: var(--muted);
  }
`;
