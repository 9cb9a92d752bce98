/** Radio buttons that look like a row of tags. */
import { css, type CSSResult } from 'lit';

export const choiceStyles: CSSResult = css`
  .choices {
    display: flex;
    flex-wrap: wrap;
    gap: 0.35rem;
  }
  .choices label {
    border: 1px solid var(--line);
    background: var(--panel);
    border-radius: 8px;
    padding: 0.35rem 0.65rem;
    cursor: pointer;
    font-size: 0.95rem;
  }
  .choices label:has(:checked) {
    border-color: var(--accent);
    background: var(--accent-soft);
    font-weight: 600;
  }
  .choices label:focus-within {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
`;
