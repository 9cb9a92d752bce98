/** Keeps a uPlot in an element: as wide as its place, in the colours of the page, drawn anew only when there is something new. */
import type { LitElement, ReactiveController } from 'lit';
import uPlot from 'uplot';

export type PlotColors = (name: string) => string;

export type PlotParts = {
  readonly heightPx: number;
  /** Everything but the size. @param color the value of a custom property such as "--accent". */
  readonly options: (color: PlotColors) => Omit<uPlot.Options, 'width' | 'height'>;
  /** The same arrays while there is nothing new to draw. */
  readonly data: () => uPlot.AlignedData;
};

/** An axis in the page's type and colours. */
export function plainAxis(color: PlotColors): uPlot.Axis {
  return {
    stroke: color('--muted'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
  };
}

export class PlotController implements ReactiveController {
  plot: uPlot | null = null;
  private readonly host: LitElement;
  private readonly parts: PlotParts;
  private shown: uPlot.AlignedData | null = null;
  private readonly darkMode = matchMedia('(prefers-color-scheme: dark)');
  private readonly resizes = new ResizeObserver(() => this.resize());
  private readonly onScheme = (): void => this.rebuild();

  /** The plot fills the element of the class "plot". */
  constructor(host: LitElement, parts: PlotParts) {
    this.host = host;
    this.parts = parts;
    host.addController(this);
  }

  hostConnected(): void {
    this.darkMode.addEventListener('change', this.onScheme);
    this.resizes.observe(this.host);
  }

  hostDisconnected(): void {
    this.darkMode.removeEventListener('change', this.onScheme);
    this.resizes.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  hostUpdated(): void {
    const data = this.parts.data();
    if (this.plot === null) this.rebuild();
    else if (data !== this.shown) {
      this.shown = data;
      this.plot.setData(data, true);
    }
  }

  /** As the options change with something other than the colours. */
  rebuild(): void {
    const target = this.host.renderRoot.querySelector<HTMLElement>('.plot');
    if (target === null) return;
    this.plot?.destroy();
    const style = getComputedStyle(this.host);
    const options = this.parts.options((name) => style.getPropertyValue(name).trim());
    const { heightPx } = this.parts;
    this.shown = this.parts.data();
    const width = Math.max(100, target.clientWidth);
    this.plot = new uPlot({ ...options, width, height: heightPx }, this.shown, target);
  }

  private resize(): void {
    const width = this.host.renderRoot.querySelector<HTMLElement>('.plot')?.clientWidth ?? 0;
    if (width > 0 && width !== this.plot?.width) this.plot?.setSize({ width, height: this.parts.heightPx });
  }
}
