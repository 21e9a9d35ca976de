import { type Axes, type ClassRow, type Cut, cutsOf } from './class-view.ts';

const W = 150;
const H = 40;

/**
 * Best run of a team: validation solid, train dashed, dot at the best epoch, hairline at the median of the projects that can
 * be compared, a triangle at the edge over which a curve goes on.
 */
export function CurveSpark({ row, axes, name }: { row: ClassRow; axes: Axes; name: string }) {
  const { best } = row;
  if (!best || best.validation.epochs.length === 0) return <span className="three">no curve</span>;
  const x = (epoch: number) => (epoch / axes.lastEpoch) * W;
  const y = (value: number) => H - ((value - axes.low) / (axes.high - axes.low)) * H;
  const path = (curve: { epochs: number[]; values: number[] }) =>
    curve.epochs
      .flatMap((epoch, i) =>
        Number.isFinite(curve.values[i]) ? [`${x(epoch).toFixed(1)} ${y(curve.values[i]!).toFixed(1)}`] : [],
      )
      .map((point, i) => `${i ? 'L' : 'M'}${point}`)
      .join('');
  const triangle = ({ epoch, edge }: Cut) =>
    edge === 'high' ? `M${x(epoch) - 3} 0h6l-3 -4z` : `M${x(epoch) - 3} ${H}h6l-3 4z`;
  const label = `Best validation curve of ${name}, at best ${best.value.toFixed(3)}; ${axes.words}`;
  return (
    <svg className="class-spark" viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {axes.median !== null && <path d={`M0 ${y(axes.median).toFixed(1)}H${W}`} stroke="var(--line-strong)" />}
      <path d={`M0 ${H}H${W}`} stroke="var(--line)" />
      <svg y={-1} width={W} height={H + 2} viewBox={`0 -1 ${W} ${H + 2}`} overflow="hidden" aria-hidden="true">
        <path d={path(best.train)} stroke="var(--ink-3)" strokeDasharray="3 2" />
        <path d={path(best.validation)} stroke="var(--ink)" strokeWidth={1.5} />
      </svg>
      <path
        className="cut"
        d={[...cutsOf(best.train, axes), ...cutsOf(best.validation, axes)].map(triangle).join('')}
      />
      {best.epoch !== null && <circle cx={x(best.epoch)} cy={y(best.value)} r={2.6} fill="var(--accent)" />}
    </svg>
  );
}
