export { diagnose } from './diagnose.ts';
export { diagnosisFacts } from './facts.ts';
export { DIAGNOSES, type Diagnosis, type DiagnosisFacts, type DiagnosisKind, type EpochCurves } from './kinds.ts';
export { type DiagnosisWords, diagnosisWords, needsLook, titleOf } from './words.ts';
