/** Stones and the marks on and between them, as SVG. */
import { nothing, svg, type SVGTemplateResult } from 'lit';
import type { BoardView } from '../state/board-view.ts';

/** Radius of a stone in board units: neighbours nearly touch. */
const RADIUS = 0.475;

const colorClass = (color: number): string => (color === 1 ? 'black' : 'white');
const onClass = (color: number): string => (color === 1 ? 'on-black' : 'on-white');

function stoneArt(x: number, y: number, color: number, extra = ''): SVGTemplateResult {
  return svg`
    <g class=${extra}>
      <circle cx=${x + 0.03} cy=${y + 0.06} r=${RADIUS + 0.04} fill="url(#stone-shadow)" />
      <circle class=${colorClass(color)} cx=${x} cy=${y} r=${RADIUS} />
      <circle class="edge" cx=${x} cy=${y} r=${RADIUS} />
    </g>`;
}

/** A stone under the pointer, waiting for a second tap, or on its way to the server. */
export function ghostArt(x: number, y: number, color: number): SVGTemplateResult {
  return svg`<circle class="ghost ${colorClass(color)}" cx=${x} cy=${y} r=${RADIUS} />`;
}

function squareArt(x: number, y: number, value: number, largest: number): SVGTemplateResult {
  const half = largest * Math.sqrt(Math.abs(value));
  const name = value > 0 ? 'area-black' : 'area-white';
  return svg`<rect class=${name} x=${x - half} y=${y - half} width=${2 * half} height=${2 * half} />`;
}

function crossArt(x: number, y: number): SVGTemplateResult {
  const r = 0.2;
  return svg`<path class="cross" d="M${x - r} ${y - r}L${x + r} ${y + r}M${x + r} ${y - r}L${x - r} ${y + r}" />`;
}

/** Larger and darker where likelier; the smallest still has room for its number. @param probability at least 0.01. */
function heatArt(x: number, y: number, probability: number): SVGTemplateResult {
  const root = Math.sqrt(probability);
  const ink = probability < 0.3 ? 'on-pale' : 'on-dark';
  return svg`
    <circle class="heat" cx=${x} cy=${y} r=${0.13 + 0.33 * root} opacity=${0.2 + 0.75 * root} />
    <text class="heat-text ${ink}" x=${x} y=${y} dy="0.35em">${Math.round(100 * probability)}</text>`;
}

function markArt(view: BoardView, p: number, x: number, y: number): SVGTemplateResult | typeof nothing {
  const color = view.stones[p];
  const number = view.moveNumbers?.get(p);
  if (number !== undefined) {
    const newest = p === view.lastMove ? 'newest' : '';
    return svg`<text class="number ${newest} ${onClass(color)}" x=${x} y=${y} dy="0.35em">${number}</text>`;
  }
  if (p === view.lastMove) return svg`<circle class="mark ${onClass(color)}" cx=${x} cy=${y} r="0.22" />`;
  return nothing;
}

/** Everything that lies on point `p`. */
export function pointArt(view: BoardView, p: number): SVGTemplateResult | typeof nothing {
  const x = p % view.width;
  const y = Math.floor(p / view.width);
  const color = view.stones[p];
  const isDead = view.dead.has(p);
  const parts: unknown[] = [];
  if (color !== 0) parts.push(stoneArt(x, y, color, isDead ? 'is-dead' : ''), markArt(view, p, x, y));
  if (isDead) parts.push(crossArt(x, y));
  const owner = view.ownershipBlack?.[p] ?? 0;
  // Only the likeliest moves, and of the stones only those that will be the other side's: the rest would be noise.
  const hasHeat = color === 0 && view.policy !== null && view.policy[p] >= 0.01;
  const isOwnStone = color !== 0 && owner > 0 === (color === 1);
  if (view.territory !== null && view.territory[p] !== 0 && color === 0)
    parts.push(squareArt(x, y, view.territory[p], 0.16));
  else if (hasHeat && view.policy !== null) parts.push(heatArt(x, y, view.policy[p]));
  else if (Math.abs(owner) > 0.1 && !isOwnStone)
    // On a stone in its corner, beside the number or the mark of the last move.
    parts.push(color === 0 ? squareArt(x, y, owner, 0.16) : squareArt(x + 0.32, y - 0.32, owner, 0.13));
  if (p === view.ko && color === 0)
    parts.push(svg`<rect class="ko" x=${x - 0.2} y=${y - 0.2} width="0.4" height="0.4" />`);
  return parts.length === 0 ? nothing : svg`${parts}`;
}
