/** Where a run's time goes: `profile/step` and so on are the seconds of each epoch. */
export const PHASES = ['step', 'data', 'validate', 'log', 'checkpoint'] as const;
export type Phase = (typeof PHASES)[number];

export const PHASE_NAMES: Record<Phase, string> = {
  step: 'Steps',
  data: 'Data',
  validate: 'Validation',
  log: 'Logging',
  checkpoint: 'Checkpoints',
};
