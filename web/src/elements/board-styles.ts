/** How the board looks; sizes are in board units, the distance between two lines. */
import { css, type CSSResult } from 'lit';

export const boardStyles: CSSResult = css`
  :host {
    display: block;
    position: relative;
    touch-action: manipulation;
  }
  svg {
    display: block;
    width: 100%;
    height: 100%;
    border-radius: 6px;
    box-shadow: var(--shadow);
    user-select: none;
    -webkit-user-select: none;
  }
  .wood-light {
    stop-color: var(--wood-light);
  }
  .wood {
    stop-color: var(--wood);
  }
  .wood-dark {
    stop-color: var(--wood-dark);
  }
  .grain {
    fill: none;
    stroke: var(--grain);
    stroke-width: 0.03;
    opacity: 0.09;
  }
  .lines {
    stroke: var(--grid-ink);
    stroke-width: 0.028;
    stroke-linecap: square;
  }
  .border {
    fill: none;
    stroke: var(--grid-ink);
    stroke-width: 0.06;
  }
  .star {
    fill: var(--grid-ink);
  }
  .coordinate {
    fill: var(--grid-ink);
    text-anchor: middle;
    font-family: inherit;
  }
  .black {
    fill: url(#black-stone);
  }
  .white {
    fill: url(#white-stone);
  }
  .edge {
    fill: none;
    stroke: rgb(0 0 0 / 35%);
    stroke-width: 0.015;
  }
  .ghost {
    opacity: 0.55;
  }
  .is-dead {
    opacity: 0.5;
  }
  .mark {
    fill: none;
    stroke-width: 0.075;
  }
  .on-black {
    stroke: #fff;
  }
  .on-white {
    stroke: #17171a;
  }
  .number {
    font-size: 0.4px;
    font-weight: 600;
    text-anchor: middle;
    font-family: inherit;
    stroke: none;
  }
  .number.on-black {
    fill: #fff;
  }
  .number.on-white {
    fill: #17171a;
  }
  .number.newest {
    text-decoration: underline;
  }
  .cross {
    stroke: #d23c2e;
    stroke-width: 0.1;
    stroke-linecap: round;
  }
  .area-black {
    fill: #111;
    stroke: #fff;
    stroke-width: 0.03;
  }
  .area-white {
    fill: #fff;
    stroke: #222;
    stroke-width: 0.03;
  }
  .ko {
    fill: none;
    stroke: var(--grid-ink);
    stroke-width: 0.06;
  }
  .heat {
    fill: #1f5f99;
  }
  .heat-text {
    font-size: 0.3px;
    font-weight: 600;
    text-anchor: middle;
    font-family: inherit;
  }
  .on-pale {
    fill: #0b2136;
  }
  .on-dark {
    fill: #fff;
  }
  .cell {
    outline: none;
  }
  .cell rect {
    fill: transparent;
    stroke: none;
  }
  .cell.active {
    cursor: pointer;
  }
  .cell:focus-visible rect {
    stroke: #0b4fae;
    stroke-width: 0.09;
    fill: rgb(255 255 255 / 18%);
  }
`;
