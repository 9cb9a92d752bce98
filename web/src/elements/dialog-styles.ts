/** How dialogs look. */
import { css, type CSSResult } from 'lit';

export const dialogStyles: CSSResult = css`
  dialog {
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 14px;
    box-shadow: 0 12px 48px rgb(0 0 0 / 30%);
    padding: 1.25rem;
    width: min(28rem, calc(100vw - 1.5rem));
    max-height: calc(100dvh - 1.5rem);
    overflow: auto;
  }
  dialog::backdrop {
    background: rgb(30 24 15 / 45%);
  }
  dialog h2 {
    font-size: 1.25rem;
    color: var(--ink);
    letter-spacing: 0;
    margin-bottom: 0.75rem;
  }
  .buttons {
    display: flex;
    justify-content: flex-end;
    gap: 0.5rem;
    margin-top: 1.1rem;
  }
`;
