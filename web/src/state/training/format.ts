/** Figures as people read them: three or four digits, a unit, a duration. */

/** "0.0213", "3.14", "271.8", "1,234", "12.3k", "4.56M". */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toPrecision(3))}G`;
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  if (size !== 0 && size < 0.001) return value.toExponential(1);
  return `${Number(value.toPrecision(size >= 100 ? 4 : 3))}`;
}

/** "12%", "4.5%". @param share in [0, 1]. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  return `${percent !== 0 && percent < 10 ? Number(percent.toFixed(1)) : Math.round(percent)}%`;
}

/** "8.3%", "97.1%": accuracies differ by tenths. @param share in [0, 1]. */
export function formatAccuracy(share: number): string {
  return `${Number((100 * share).toFixed(1))}%`;
}

/** "45 s", "12 min", "3 h 20 min", "2 d 4 h". */
export function formatDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

/** "just now", "12 min ago". */
export function formatAge(ms: number): string {
  return ms < 10_000 ? 'just now' : `${formatDuration(ms / 1000)} ago`;
}

/** "1,234", "−87" with a true minus. */
export function formatElo(elo: number): string {
  return Math.round(elo).toLocaleString('en').replace('-', '−');
}

/** "totalLoss" as "Total loss". */
export function spelledOut(name: string): string {
  const words = name.replace(/[A-Z]+/g, (capitals) => ` ${capitals.toLowerCase()}`).trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** "1 game", "12 games". */
export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}
