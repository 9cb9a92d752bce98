/** How strong a record says that a player is: ranks of kyu, dan and professional dan, and ratings. */

/** Professional ranks go on after 9 dan: 1p is 10, and 9p, the highest of all, 18. */
const PROFESSIONAL = 9;
/** Elo ratings are taken from 100, and numbers below that without a unit are nothing. */
const RATINGS_FROM = 100;

/**
 * Reads an SGF `BR` or `WR` value: 3k, "3 kyu", 级; 5d, "5 dan", 段; 9p, P9; a rating such as 2300; each perhaps with a ?.
 * What follows a decimal point is left out.
 * @returns one number for all, larger for the stronger: 1k is 0, 1d 1, 1p 10, and a rating itself; null for anything else.
 */
export function parseRank(text: string): number | null {
  const [, before, digits, after] =
    /^(p?)(\d{1,4})(?:\.\d+)?\s*(k|kyu|级|級|d|dan|段|p|)\??$/i.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  const value = Number(digits);
  const unit = after.toLowerCase();
  if (before === '' && unit === '') return value >= RATINGS_FROM ? value : null;
  const isKyu = ['k', 'kyu', '级', '級'].includes(unit);
  if (value < 1 || value > (isKyu ? 30 : 9) || (isKyu && before !== '')) return null;
  if (isKyu) return 1 - value;
  return before === '' && unit !== 'p' ? value : PROFESSIONAL + value;
}

/** What `parseRank` reads as this number. */
export function formatRank(rank: number): string {
  if (rank >= RATINGS_FROM) return `${rank}`;
  if (rank > PROFESSIONAL) return `${rank - PROFESSIONAL}p`;
  return rank < 1 ? `${1 - rank}k` : `${rank}d`;
}
