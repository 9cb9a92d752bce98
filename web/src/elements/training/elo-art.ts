/** What is drawn on the plot of strength besides its lines: intervals, and the anchors with their names. */
import type uPlot from 'uplot';
import type { RatedNet, RatedPlayer } from '../../state/training/ladder.ts';

/** Half the width of an interval's end, in pixels of the screen. */
const CAP_PX = 3;

export function drawIntervals(plot: uPlot, nets: readonly RatedNet[], color: string): void {
  const { ctx } = plot;
  const cap = CAP_PX * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.globalAlpha = 0.7;
  ctx.beginPath();
  for (const { x, low, high } of nets) {
    const left = plot.valToPos(x, 'x', true);
    const [bottom, top] = [plot.valToPos(low, 'y', true), plot.valToPos(high, 'y', true)];
    ctx.moveTo(left, bottom);
    ctx.lineTo(left, top);
    for (const y of [bottom, top]) {
      ctx.moveTo(left - cap, y);
      ctx.lineTo(left + cap, y);
    }
  }
  ctx.stroke();
  ctx.restore();
}

export function drawAnchors(plot: uPlot, anchors: readonly RatedPlayer[], color: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'bottom';
  for (const { name, elo } of anchors) {
    const y = plot.valToPos(elo, 'y', true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.fillText(name, bbox.left + bbox.width - 4 * devicePixelRatio, y - 2 * devicePixelRatio);
  }
  ctx.restore();
}
