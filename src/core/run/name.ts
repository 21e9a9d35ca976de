import { z } from 'zod';

/** What a person calls a run. */
export const runName = z
  .string()
  .trim()
  .min(1, 'Give it a name of at least one character.')
  .max(80, 'At most 80 characters.');
