'use client';

import Link from 'next/link';
import { useState } from 'react';
import { ConfigChanges } from '#components/launch/config-changes.tsx';
import { copyText } from '#components/ui/copy-text.ts';
import { Button, Facts } from '#components/ui/index.ts';
import { configText } from '#core/config/config-text.ts';
import { runId } from '#core/format/numbers.ts';
import type { RunDetail } from './run-page.tsx';

/** What the trainer recorded, in words. */
const ENVIRONMENT = [
  ['version', 'Engine'],
  ['reason', 'Why this one'],
  ['device', 'Device'],
  ['threads', 'Threads'],
  ['mode', 'Step'],
  ['modeReason', 'How checked'],
  ['holdout', 'Holdout'],
  ['node', 'Node'],
  ['platform', 'System'],
  ['processor', 'Processor'],
  ['memory', 'Machine memory'],
  ['data', 'Data'],
  ['contentDigest', 'Data digest'],
  ['splitDigest', 'Split digest'],
] as const;

export function RunConfigTab({ projectId, run }: { projectId: string; run: RunDetail }) {
  const text = configText(run.config);
  const environment = ENVIRONMENT.flatMap(([key, words]) => {
    const value = run.environment[key];
    return typeof value === 'string' || typeof value === 'number' ? [[words, String(value)] as const] : [];
  });
  return (
    <div className="grid gap-6">
      {run.parent && (
        <section>
          <h2 className="mb-2">
            What changed from{' '}
            <Link href={`/p/${projectId}/runs/${run.parent.id}`}>
              {runId(run.parent.number)} {run.parent.name}
            </Link>
          </h2>
          <ConfigChanges
            before={run.parent.config}
            after={run.config}
            same="Nothing: the same configuration, seed and all."
          />
        </section>
      )}
      <section>
        <header className="mb-2 flex items-center gap-3">
          <h2>Configuration</h2>
          <CopyText text={text} />
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls sideways */}
        <pre className="code" tabIndex={0}>
          {text}
        </pre>
      </section>
      {environment.length > 0 && (
        <section>
          <h2 className="mb-2">What it computed on</h2>
          <Facts items={environment} />
        </section>
      )}
    </div>
  );
}

function CopyText({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      size="s"
      onClick={() => {
        void copyText(text).then(setCopied);
      }}
    >
      {copied ? 'Copied' : 'Copy the JSON'}
    </Button>
  );
}
