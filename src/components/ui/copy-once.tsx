'use client';

import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';

/** A secret that is shown this one time, with a button that copies it. */
export function CopyOnce({ label, value }: { label: string; value: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  return (
    <div className="once">
      <input
        ref={field}
        className="in mono"
        readOnly
        value={value}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        onClick={async () => {
          setCopied(await copyText(value));
        }}
      >
        {copied ? <Check className="i" aria-hidden /> : <Copy className="i" aria-hidden />}
        <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      </Button>
    </div>
  );
}

/** Browsers keep navigator.clipboard from pages that came over plain HTTP, as in a lab; there the field itself is copied. */
async function copy(value: string, field: HTMLInputElement | null): Promise<boolean> {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(value);
    return true;
  }
  field?.select();
  return document.execCommand('copy');
}
