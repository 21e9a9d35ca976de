const TICKS = Array.from({ length: 60 }, (_, k) => {
  const angle = (2 * Math.PI * k) / 60;
  const at = (r: number) => `${(52 + r * Math.cos(angle)).toFixed(1)} ${(52 + r * Math.sin(angle)).toFixed(1)}`;
  return `M${at(38.5)}L${at(k % 5 === 0 ? 45 : 41.5)}`;
}).join('');

/** The seal, broken open: the three parts, the last one hatched. */
export function Stamp({ again }: { again: boolean }) {
  return (
    <svg
      className="stamp"
      viewBox="0 0 104 104"
      role="img"
      aria-label={again ? 'Seal, opened again' : 'Seal, opened once'}
    >
      <circle cx="52" cy="52" r="49" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <circle cx="52" cy="52" r="36" fill="none" stroke="currentColor" />
      <path d={TICKS} stroke="currentColor" />
      <path d="M30 44h19v16H30z" fill="currentColor" />
      <path d="M51 44h5v16h-5z" fill="currentColor" opacity=".55" />
      <rect x="58.7" y="44.7" width="14" height="14.6" fill="none" stroke="currentColor" strokeWidth="1.4" />
      <path d="m59 59 13-13M59 52l6-6M66 59l6-6" stroke="currentColor" />
    </svg>
  );
}
