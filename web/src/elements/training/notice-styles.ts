/** Sentences that want to be read first. */
import { css, type CSSResult } from 'lit';

export const noticeStyles: CSSResult = css`
  .notice {
    background: var(--accent-soft);
    border-radius: 10px;
    padding: 0.5rem 0.8rem;
    display: grid;
    gap: 0.3rem;
    overflow-wrap: anywhere;
  }
  .notice.alarm {
    background: var(--panel);
    border: 1px solid var(--danger);
    border-left-width: 5px;
    color: var(--danger);
  }
`;
