'use client';

import { X } from 'lucide-react';
import Link from 'next/link';
import { Dialog as D, DropdownMenu as M, Popover as P, Tooltip as T } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** A question that must be answered before anything else. `title` is always shown. */
export function Dialog({
  open,
  onOpenChange,
  trigger,
  title,
  description,
  children,
  className,
}: {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  trigger?: ReactNode;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  return (
    <D.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <D.Trigger asChild>{trigger}</D.Trigger>}
      <D.Portal>
        <D.Overlay className="veil" />
        <D.Content
          className={cx('dialog', className)}
          onOpenAutoFocus={focusFirstField}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <header>
            <D.Title>{title}</D.Title>
            <D.Close className="btn quiet s">
              <X className="i" aria-hidden />
              Close
            </D.Close>
          </header>
          {description && <D.Description className="two">{description}</D.Description>}
          {children}
        </D.Content>
      </D.Portal>
    </D.Root>
  );
}

/** Who opens a form wants to fill it in: its first field, not the Close button before it. Without fields Radix decides. */
function focusFirstField(event: Event): void {
  const field = (event.currentTarget as HTMLElement).querySelector<HTMLElement>(
    'input:enabled:not([type=hidden]), select:enabled, textarea:enabled',
  );
  if (!field) return;
  event.preventDefault();
  field.focus();
}

/** Closes the dialog around it, with the button that it wraps. */
export const DialogClose = D.Close;

export function Popover({
  trigger,
  children,
  align = 'start',
  className,
  label,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
  className?: string;
  label: string;
}) {
  return (
    <P.Root>
      <P.Trigger asChild>{trigger}</P.Trigger>
      <P.Portal>
        <P.Content
          aria-label={label}
          className={cx('pop', className)}
          align={align}
          sideOffset={4}
          collisionPadding={8}
        >
          {children}
        </P.Content>
      </P.Portal>
    </P.Root>
  );
}

export function Menu({
  trigger,
  children,
  align = 'start',
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'center' | 'end';
}) {
  return (
    <M.Root modal={false}>
      <M.Trigger asChild>{trigger}</M.Trigger>
      <M.Portal>
        <M.Content className="pop menu-list" align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </M.Content>
      </M.Portal>
    </M.Root>
  );
}

export function MenuItem({
  children,
  onSelect,
  href,
  download,
  danger,
  disabled,
}: {
  children: ReactNode;
  onSelect?: () => void;
  href?: string;
  /** where the file is that the server names */
  download?: string;
  danger?: boolean;
  disabled?: boolean;
}) {
  const className = cx('menu-item', danger && 'bad');
  if (download !== undefined && !disabled)
    return (
      <M.Item asChild>
        <a href={download} download className={className}>
          {children}
        </a>
      </M.Item>
    );
  if (href !== undefined)
    return (
      <M.Item asChild disabled={disabled}>
        <Link href={href} className={className}>
          {children}
        </Link>
      </M.Item>
    );
  return (
    <M.Item className={className} onSelect={onSelect} disabled={disabled}>
      {children}
    </M.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <M.Label className="menu-label">{children}</M.Label>;
}

export function MenuLine() {
  return <M.Separator className="menu-line" />;
}

/** A word on what the trigger shows in short: exact value, full name. Never the only place of a fact. */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  return (
    <T.Root>
      <T.Trigger asChild>{children}</T.Trigger>
      <T.Portal>
        <T.Content className="pop hint" sideOffset={4} collisionPadding={8}>
          {content}
        </T.Content>
      </T.Portal>
    </T.Root>
  );
}

export const TooltipProvider = T.Provider;
