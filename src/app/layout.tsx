import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { parseTheme, THEME_COOKIE } from '#components/frame/theme.ts';
import { DataProvider } from '#components/trpc/client.tsx';
import { TooltipProvider } from '#components/ui/index.ts';
import './globals.css';

export const metadata: Metadata = { title: { default: 'Holdout', template: '%s | Holdout' } };
export const viewport: Viewport = { width: 'device-width', initialScale: 1 };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme === 'system' ? undefined : theme} suppressHydrationWarning>
      <body>
        <a className="skip" href="#main">
          Skip to content
        </a>
        <DataProvider>
          <TooltipProvider delayDuration={300}>{children}</TooltipProvider>
        </DataProvider>
      </body>
    </html>
  );
}
