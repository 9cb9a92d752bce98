/** The head of every page: its name, the way to the other page, and what the page puts beside it. */
import { css, html, LitElement, type CSSResult, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sharedStyles } from '../styles/shared.ts';

const PAGES = [
  { path: '/', label: 'Play' },
  { path: '/training', label: 'Training' },
] as const;

@customElement('tengen-page-header')
export class PageHeader extends LitElement {
  static override styles: CSSResult[] = [
    sharedStyles,
    css`
      header {
        display: flex;
        gap: 0.9rem;
        align-items: center;
        padding: 0.6rem 0;
      }
      h1 {
        font-size: 1.25rem;
        font-weight: 650;
        letter-spacing: 0.01em;
      }
      nav {
        display: flex;
        gap: 0.75rem;
        flex: 1;
      }
      ::slotted(*) {
        white-space: nowrap;
      }
      a {
        color: var(--muted);
        text-decoration: none;
        padding: 0.3rem 0;
      }
      a:hover {
        color: var(--ink);
      }
      a[aria-current='page'] {
        color: var(--ink);
        font-weight: 600;
        box-shadow: 0 2px var(--accent);
      }
    `,
  ];

  /** Path of the page that this is. */
  @property() path: (typeof PAGES)[number]['path'] = '/';

  override render(): TemplateResult {
    return html`<header>
      <h1>Tengen</h1>
      <nav aria-label="Pages">
        ${PAGES.map(
          // The access token stays in the address.
          ({ path, label }) =>
            html`<a href=${`${path}${location.search}`} aria-current=${path === this.path ? 'page' : 'false'}
              >${label}</a
            >`,
        )}
      </nav>
      <slot></slot>
    </header>`;
  }
}
