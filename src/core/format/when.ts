/** Times as people say them. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "now", "4 min ago", "3 h ago", "yesterday", "9 days ago", then the date. */
export function ago(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime();
  if (ms < MINUTE) return 'now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ago`;
  const days = Math.floor(ms / DAY);
  if (days === 1) return 'yesterday';
  return days < 30 ? `${days} days ago` : day(at, now);
}

/** "9 Nov", with the year when it isn't this one. */
export function day(at: Date, now: Date): string {
  const sameYear = at.getUTCFullYear() === now.getUTCFullYear();
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) });
}

/** "today", "in 1 day", "in 12 days", for an end that lies ahead. */
export function until(at: Date, now: Date): string {
  const ms = at.getTime() - now.getTime();
  if (ms < 0) return 'over';
  // A link made a moment ago for 14 days ends in 14, not in 13 and 23 hours.
  const days = Math.floor((ms + HOUR) / DAY);
  if (days === 0) return 'within a day';
  return days === 1 ? 'in 1 day' : `in ${days} days`;
}

/** Exact, for the pointer: "22 Nov 2026, 18:05:31". */
export function exact(at: Date): string {
  return at.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
