import type { RunConfig } from '../config/run-config.ts';
import type { InputSpec, TaskSpec } from '../model/spec.ts';
import type { NamedSource } from '../transfer/new-head.ts';

/** What can be done against learning the items by heart. One file a remedy, in this order on every page. */
export const REMEDY_IDS = [
  'augmentation',
  'dropout',
  'early_stopping',
  'weight_penalty',
  'batch_norm',
  'transfer',
  'smaller_model',
] as const;
export type RemedyId = (typeof REMEDY_IDS)[number];

/** What a good default depends on beside the configuration. */
export interface RemedyContext {
  input: InputSpec;
  task: TaskSpec;
  trainItems: number;
  /** what a run may start from, where that is known; best first */
  sources?: readonly NamedSource[] | undefined;
  /** why that isn't known, in a sentence, where looking it up failed */
  sourcesError?: string | undefined;
}

export interface Remedy {
  id: RemedyId;
  name: string;
  /** what it does, and what it costs or when it fits */
  sentences: readonly [string, string];
  source: {
    /** "Srivastava et al. 2014" */
    label: string;
    /** authors, title, where it appeared */
    title: string;
    url: string;
  };
  /**
   * The configuration with this remedy put in, or made stronger where it is on: one click, no question.
   * null where there is nothing that it could change. Never touches what another remedy owns.
   */
  apply(config: RunConfig, context: RemedyContext): RunConfig | null;
  /** Why `apply` gives null, and what to do instead; null where there is no more to say than that it would change nothing. */
  whyNot?(config: RunConfig, context: RemedyContext): string | null;
  /** What one more click is called where it is on already and `words` would not tell what that changes. */
  again?: string;
  /** In a word or two where it is on ("dropout 0.3"); '' where it is off. */
  words(config: RunConfig): string;
}
