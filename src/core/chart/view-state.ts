import { z } from 'zod';
import { X_AXES } from './series.ts';

/** The whole view of the runs page as an address, so that a link shows a colleague the same. Runs go by their number in the project. */

const runNumbers = z.array(z.int().min(1)).max(1000);
const sortSchema = z.object({ column: z.string().min(1).max(200), descending: z.boolean() });

export const viewSchema = z.object({
  /** regular expression over name, number and state */
  filter: z.string().max(200),
  /** only these in the charts; none = all that match */
  selected: runNumbers,
  hidden: runNumbers,
  pinned: runNumbers,
  smoothing: z.number().min(0).max(0.999),
  x: z.enum(X_AXES),
  log: z.boolean(),
  cutOutliers: z.boolean(),
  /** null = the page's own choice */
  columns: z.array(z.string().min(1).max(200)).max(60).nullable(),
  sort: sortSchema,
  /** groups of charts that are shut */
  shut: z.array(z.string().min(1).max(200)).max(100),
});
export type RunsView = z.infer<typeof viewSchema>;

export const DEFAULT_VIEW: RunsView = {
  filter: '',
  selected: [],
  hidden: [],
  pinned: [],
  smoothing: 0.6,
  x: 'step',
  log: false,
  cutOutliers: true,
  columns: null,
  sort: { column: 'number', descending: true },
  shut: [],
};

/** Names with commas, slashes or anything else are safe: each is encoded before they are joined. */
const listOf = (items: readonly (string | number)[]) => items.map((i) => encodeURIComponent(i)).join(',');
const splitList = (text: string) => text.split(',').filter(Boolean).map(safeDecode);

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Only what differs from the default, in a fixed order: equal views give equal addresses. */
export function encodeView(view: RunsView): URLSearchParams {
  const out = new URLSearchParams();
  if (view.filter) out.set('q', view.filter);
  if (view.selected.length) out.set('runs', listOf(view.selected));
  if (view.hidden.length) out.set('hide', listOf(view.hidden));
  if (view.pinned.length) out.set('pin', listOf(view.pinned));
  if (view.smoothing !== DEFAULT_VIEW.smoothing) out.set('smooth', String(view.smoothing));
  if (view.x !== DEFAULT_VIEW.x) out.set('x', view.x);
  if (view.log) out.set('y', 'log');
  if (!view.cutOutliers) out.set('outliers', 'show');
  if (view.columns) out.set('cols', listOf(view.columns));
  if (view.sort.column !== DEFAULT_VIEW.sort.column || view.sort.descending !== DEFAULT_VIEW.sort.descending)
    out.set('sort', (view.sort.descending ? '-' : '') + view.sort.column);
  if (view.shut.length) out.set('shut', listOf(view.shut));
  return out;
}

/** Any address gives a view: a part that makes no sense falls back to its default, since links get cut and edited. */
export function decodeView(params: URLSearchParams): RunsView {
  const field = <K extends keyof RunsView>(key: K, value: unknown): RunsView[K] => {
    const parsed = viewSchema.shape[key].safeParse(value);
    return (parsed.success ? parsed.data : DEFAULT_VIEW[key]) as RunsView[K];
  };
  const numbers = (name: string) => splitList(params.get(name) ?? '').map(Number);
  const cols = params.get('cols');
  const sort = params.get('sort');
  return {
    filter: field('filter', params.get('q') ?? ''),
    selected: field('selected', numbers('runs')),
    hidden: field('hidden', numbers('hide')),
    pinned: field('pinned', numbers('pin')),
    smoothing: field('smoothing', params.has('smooth') ? Number(params.get('smooth')) : undefined),
    x: field('x', params.get('x')),
    log: params.get('y') === 'log',
    cutOutliers: params.get('outliers') !== 'show',
    columns: field('columns', cols === null ? null : splitList(cols)),
    sort: field('sort', sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : undefined),
    shut: field('shut', splitList(params.get('shut') ?? '')),
  };
}
