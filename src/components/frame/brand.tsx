/** The three parts of a split, to scale; the last one is sealed. */
export function Mark() {
  return (
    <svg viewBox="0 0 26 12" aria-hidden="true" width={26} height={12}>
      <path d="M0 0h16v12H0z" fill="var(--ink)" />
      <path d="M17.5 0h3.5v12h-3.5z" fill="var(--ink-3)" />
      <rect x="22.9" y=".7" width="2.6" height="10.6" fill="none" stroke="var(--accent)" strokeWidth="1.4" />
    </svg>
  );
}
