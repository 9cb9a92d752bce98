/** What lies under the stones: wood, lines, star points, coordinates; and the gradients of the stones. One unit is one line to the next. */
import { svg, type SVGTemplateResult } from 'lit';
import { COLUMNS } from '../../../engine/record/coordinates.ts';
import { starPoints } from '../state/star-points.ts';

/** Gradients; ids are local to the board's shadow root. */
export const definitions: SVGTemplateResult = svg`
  <defs>
    <linearGradient id="wood" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" class="wood-light" /><stop offset="0.55" class="wood" /><stop offset="1" class="wood-dark" />
    </linearGradient>
    <pattern id="grain" width="2.3" height="40" patternUnits="userSpaceOnUse" patternTransform="rotate(1.2)">
      <path class="grain" d="M0.15 0q0.12 10 0 20t0 20M0.42 0q-0.1 10 0 20t0 20M0.8 0q0.15 12 0 20t0 20M0.95 0q0.08 10 0 20t0 20M1.36 0q-0.14 9 0 20t0 20M1.7 0q0.1 11 0 20t0 20M2.1 0q0.1 11 0 20t0 20" />
    </pattern>
    <radialGradient id="black-stone" cx="0.36" cy="0.3" r="0.8">
      <stop offset="0" stop-color="#6a6a70" /><stop offset="0.3" stop-color="#36363a" />
      <stop offset="0.7" stop-color="#1a1a1c" /><stop offset="1" stop-color="#0a0a0b" />
    </radialGradient>
    <radialGradient id="white-stone" cx="0.38" cy="0.32" r="0.8">
      <stop offset="0" stop-color="#ffffff" /><stop offset="0.55" stop-color="#f5f3ee" />
      <stop offset="0.85" stop-color="#ddd8cd" /><stop offset="1" stop-color="#bdb6a8" />
    </radialGradient>
    <radialGradient id="stone-shadow">
      <stop offset="0.6" stop-color="#2a1a00" stop-opacity="0.5" /><stop offset="1" stop-color="#2a1a00" stop-opacity="0" />
    </radialGradient>
  </defs>`;

export function boardArt(
  width: number,
  height: number,
  margin: number,
  coordinates: boolean,
): SVGTemplateResult {
  let lines = '';
  for (let x = 0; x < width; x++) lines += `M${x} 0V${height - 1}`;
  for (let y = 0; y < height; y++) lines += `M0 ${y}H${width - 1}`;
  const boardWidth = width - 1 + 2 * margin;
  const boardHeight = height - 1 + 2 * margin;
  // Larger in board units on larger boards, whose lines are closer on the screen.
  const fontSize = 0.18 + 0.009 * Math.max(width, height);
  const at = 0.5 + (margin - 0.5) / 2;
  const names = coordinates
    ? [
        ...Array.from({ length: width }, (_, x) => [
          { x, y: -at, text: COLUMNS[x] },
          { x, y: height - 1 + at, text: COLUMNS[x] },
        ]),
        ...Array.from({ length: height }, (_, y) => [
          { x: -at, y, text: `${height - y}` },
          { x: width - 1 + at, y, text: `${height - y}` },
        ]),
      ].flat()
    : [];
  return svg`
    <g aria-hidden="true">
      <rect x=${-margin} y=${-margin} width=${boardWidth} height=${boardHeight} fill="url(#wood)" />
      <rect x=${-margin} y=${-margin} width=${boardWidth} height=${boardHeight} fill="url(#grain)" />
      <path class="lines" d=${lines} />
      <rect class="border" x="0" y="0" width=${width - 1} height=${height - 1} />
      ${starPoints(width, height).map(({ x, y }) => svg`<circle class="star" cx=${x} cy=${y} r="0.095" />`)}
      ${names.map(({ x, y, text }) => svg`<text class="coordinate" font-size=${fontSize} x=${x} y=${y} dy="0.35em">${text}</text>`)}
    </g>`;
}
