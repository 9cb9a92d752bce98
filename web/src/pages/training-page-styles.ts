/** How the page of training runs is laid out. */
import { css, type CSSResult } from 'lit';

export const trainingPageStyles: CSSResult = css`
  :host {
    display: block;
    max-width: 84rem;
    margin: 0 auto;
    padding: 0 0.75rem 2rem;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
  }
  .views {
    display: flex;
    flex-wrap: wrap;
    border-bottom: 1px solid var(--line);
  }
  .views a {
    padding: 0.5rem 0.5rem;
    color: var(--muted);
    text-decoration: none;
    border-bottom: 3px solid transparent;
    white-space: nowrap;
  }
  .views a:hover {
    color: var(--ink);
  }
  .views a[aria-current='page'] {
    color: var(--ink);
    font-weight: 600;
    border-color: var(--accent);
  }
  .problem {
    color: var(--danger);
  }
  @media (min-width: 30rem) {
    .views a {
      padding-inline: 0.9rem;
    }
  }
  @media (min-width: 56rem) {
    :host {
      padding-inline: 1.5rem;
    }
  }
`;
