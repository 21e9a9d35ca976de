/** Numbers and times as the pages print them: the digits that their noise deserves and a real minus sign. */

export function count(n: number): string {
  return n.toLocaleString('en-GB', { maximumFractionDigits: 0 }).replace('-', '−');
}

/** A metric by its name: three decimals for a share, about four significant digits for the rest. */
export function metricValue(name: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const digits = name.startsWith('accuracy') ? 3 : significantDecimals(value);
  const extreme = value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1e6);
  return (extreme ? value.toExponential(1) : value.toFixed(digits)).replaceAll('-', '−').replace('e+', 'e');
}

function significantDecimals(value: number): number {
  const size = Math.abs(value);
  if (size >= 1000) return 0;
  if (size >= 100) return 1;
  return size >= 10 ? 2 : 3;
}

/** A learning rate or penalty: 0.001, 1e−5; 0.0045 where arithmetic left 0.0045000000000000005. */
export function rateValue(exact: number): string {
  const value = Number(exact.toPrecision(6));
  const text = value !== 0 && Math.abs(value) < 0.0001 ? value.toExponential() : String(value);
  return text.replaceAll('-', '−').replace('e+', 'e');
}

/** Bytes in megabytes of 10^6, as torchinfo prints them. */
export function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  const digits = mb >= 100 ? 0 : mb >= 10 ? 1 : 2;
  return mb.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function fileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** Seconds in words: "8 s", "1 min 13 s", "2 h 5 min", "3 d 4 h". */
export function duration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  const pair = (big: number, unit: string, small: number, smallUnit: string) =>
    small > 0 ? `${big} ${unit} ${small} ${smallUnit}` : `${big} ${unit}`;
  if (s < 60) return `${s} s`;
  if (s < 3600) return pair(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return pair(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return pair(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h');
}

/** 1st, 2nd, 3rd, 4th, 11th. */
export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th');
  return `${n}${suffix}`;
}

/** r-0142 */
export function runId(number: number): string {
  return `r-${String(number).padStart(4, '0')}`;
}
