'use client';

import { Check } from 'lucide-react';
import { Menu, MenuItem } from '../ui/index.ts';
import { applyTheme, type Theme } from './theme.ts';

const WORDS: Record<Theme, string> = { system: 'as the system', light: 'light', dark: 'dark' };

function currentTheme(): Theme {
  const set = document.documentElement.dataset.theme;
  return set === 'light' || set === 'dark' ? set : 'system';
}

export function ThemeMenu() {
  return (
    <Menu
      trigger={
        <button type="button" className="link">
          Theme
        </button>
      }
    >
      <ThemeItems />
    </Menu>
  );
}

/** Rendered only while the menu is open, so it may read the page. */
export function ThemeItems() {
  const now = currentTheme();
  return (Object.keys(WORDS) as Theme[]).map((theme) => (
    <MenuItem key={theme} onSelect={() => applyTheme(theme)}>
      Theme: {WORDS[theme]}
      {theme === now && (
        <span className="end">
          <Check className="i" aria-hidden />
          <span className="vh">chosen</span>
        </span>
      )}
    </MenuItem>
  ));
}
