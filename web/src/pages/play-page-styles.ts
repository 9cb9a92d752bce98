/** How the page is laid out: one column on a phone, board and side panel on a desk. */
import { css, type CSSResult } from 'lit';

export const playPageStyles: CSSResult = css`
  :host {
    display: block;
    max-width: 84rem;
    margin: 0 auto;
    padding: 0 0.75rem 1.5rem;
  }
  main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.75rem;
  }
  .board-column {
    min-width: 0;
    display: grid;
    /* Bounded, or a stretched row would widen the column through the board's aspect ratio. */
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    justify-items: center;
  }
  tengen-board {
    width: min(100%, 100dvh - 5rem);
    aspect-ratio: 1;
  }
  .side {
    display: grid;
    gap: 1.1rem;
    align-content: start;
    min-width: 0;
  }
  .notice {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 0.5rem;
    background: var(--accent-soft);
    border-radius: 10px;
    padding: 0.4rem 0.4rem 0.4rem 0.8rem;
    overflow-wrap: anywhere;
  }
  @media (min-width: 56rem) {
    :host {
      /* As wide as a board of the window's height, the side panel, the gap and the padding. */
      max-width: calc(100dvh - 5rem + 2rem + 22rem + 3rem);
      min-width: 0;
      padding-inline: 1.5rem;
    }
    main {
      grid-template-columns: minmax(0, 1fr) 22rem;
      grid-template-rows: auto 1fr;
      column-gap: 2rem;
      row-gap: 1.1rem;
    }
    .board-column {
      grid-row: 1 / 3;
    }
    tengen-players-panel {
      grid-column: 2;
      grid-row: 1;
    }
    .side {
      grid-column: 2;
    }
  }
`;
