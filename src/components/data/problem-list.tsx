import type { ProblemList as Problems } from '#core/data/report.ts';
import { count } from './words.ts';

/** Each place that can't be used, with what is wrong there; the rest as a number. */
export function ProblemList({ problems }: { problems: Problems }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="problems" aria-label="Places that can’t be used" tabIndex={0}>
      <ul>
        {problems.first.map((item, k) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one place may have several problems
          <li key={k}>
            <code>{item.path}</code>
            <span>{item.message}</span>
          </li>
        ))}
      </ul>
      {problems.total > problems.first.length && (
        <p className="small two mt-2">and {count(problems.total - problems.first.length)} more</p>
      )}
    </section>
  );
}
