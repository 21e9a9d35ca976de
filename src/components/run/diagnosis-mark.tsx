import { Check, CircleHelp, TriangleAlert } from 'lucide-react';
import { type DiagnosisKind, needsLook } from '#core/run/diagnosis/index.ts';

/** A verdict in words with its mark: ochre asks for a look. */
export function DiagnosisMark({ kind, title }: { kind: DiagnosisKind; title: string }) {
  const look = needsLook(kind);
  const Icon = look ? TriangleAlert : kind === 'unclear' ? CircleHelp : Check;
  return (
    <span className={look ? 'warn inline-flex items-center gap-1.5' : 'inline-flex items-center gap-1.5'}>
      <Icon className="i" aria-hidden />
      {title}
    </span>
  );
}
