/** Buttons, fields and panels as every element uses them. */
import { css, type CSSResult } from 'lit';

export const sharedStyles: CSSResult = css`
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  p {
    margin: 0;
  }
  h2 {
    font-size: 0.8rem;
    font-weight: 600;
    letter-spacing: 0.02em;
    color: var(--muted);
  }
  button,
  .button {
    font: inherit;
    font-size: 0.95rem;
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 8px;
    padding: 0.45rem 0.85rem;
    min-height: 2.5rem;
    cursor: pointer;
  }
  /* A label as a button: its text in the middle, as a button's is. */
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
  }
  button:hover:not(:disabled),
  .button:hover {
    border-color: var(--muted);
  }
  button:disabled {
    color: var(--muted);
    opacity: 0.6;
    cursor: default;
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--accent-ink);
    font-weight: 600;
  }
  button.danger {
    color: var(--danger);
  }
  button.quiet {
    background: none;
    border-color: transparent;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  input[type='number'],
  input[type='text'],
  select {
    font: inherit;
    font-size: 0.95rem;
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 8px;
    padding: 0.4rem 0.6rem;
    min-height: 2.5rem;
    min-width: 0;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
