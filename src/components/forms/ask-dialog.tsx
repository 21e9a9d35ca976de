'use client';

import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { Button, Dialog, DialogClose, ErrorState } from '../ui/index.ts';

/** For what can't be taken back: says what will happen, and the button says it again. */
export function AskDialog({
  trigger,
  title,
  children,
  action,
  keep = 'Keep it',
  run,
}: {
  trigger: ReactNode;
  title: string;
  /** what will happen */
  children: ReactNode;
  /** words of the button */
  action: string;
  /** words of the button that leaves all as it is */
  keep?: string;
  run: () => Promise<unknown>;
}) {
  const [open, setOpen] = useState(false);
  const act = useMutation({ mutationFn: run, onSuccess: () => setOpen(false) });
  return (
    <Dialog open={open} onOpenChange={setOpen} trigger={trigger} title={title} description={children}>
      {act.error && <ErrorState error={act.error} />}
      <div className="flex flex-wrap gap-2">
        <Button variant="danger" pending={act.isPending} onClick={() => act.mutate()}>
          {action}
        </Button>
        <DialogClose asChild>
          <Button>{keep}</Button>
        </DialogClose>
      </div>
    </Dialog>
  );
}
