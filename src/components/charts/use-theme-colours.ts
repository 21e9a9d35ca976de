'use client';

import { useEffect, useState } from 'react';

/** Counts up whenever the theme changes: a canvas holds the colours that it was drawn with. */
export function useThemeVersion(): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const bump = () => setVersion((v) => v + 1);
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    const observer = new MutationObserver(bump);
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    scheme.addEventListener('change', bump);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', bump);
    };
  }, []);
  return version;
}

/** Colours of custom properties as the canvas can read them: light-dark() is resolved by the browser on a real element. */
export function resolveColours(host: HTMLElement, variables: Iterable<string>): Map<string, string> {
  const probe = document.createElement('i');
  probe.style.display = 'none';
  host.append(probe);
  const colours = new Map<string, string>();
  for (const variable of variables) {
    probe.style.color = `var(${variable})`;
    colours.set(variable, getComputedStyle(probe).color);
  }
  probe.remove();
  return colours;
}
