/**
 * The life of a project's test part. In the database: none = no sealed data set; sealed = a SealedPart without an Opening;
 * committed and opened are the Opening's state. Nothing leads back, and nothing leads out of `opened`.
 */
export const SEAL_STATES = ['none', 'sealed', 'committed', 'opened'] as const;
export type SealState = (typeof SEAL_STATES)[number];

/** seal: ingest split the data. commit: the team named the weights. open: the referee scored and signed. */
export const SEAL_EVENTS = ['seal', 'commit', 'open'] as const;
export type SealEvent = (typeof SEAL_EVENTS)[number];

const TABLE: Record<SealState, Partial<Record<SealEvent, SealState>>> = {
  none: { seal: 'sealed' },
  sealed: { commit: 'committed' },
  committed: { open: 'opened' },
  opened: {},
};

/** The next state, or null where the event is refused. */
export function nextSealState(state: SealState, event: SealEvent): SealState | null {
  return TABLE[state][event] ?? null;
}
