import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { PresetId } from '#core/config/presets.ts';
import { ModelSize } from './model-size.tsx';
import type { Draft } from './use-draft.ts';

const input = { kind: 'image', height: 28, width: 28, channels: 1 } as const;
const task = { kind: 'classification', classes: 10 } as const;
const shown = (id: PresetId, size = { width: 1, depth: 1 }) =>
  renderToStaticMarkup(<ModelSize draft={{} as Draft} preset={{ id, ...size }} input={input} task={task} />);

test('each multiplier has a slider where it changes something', () => {
  expect(shown('linear')).toBe('');
  expect(shown('resnet8', { width: 0.5, depth: 3 })).toMatch(/Width, × 0\.5.*Depth, × 3/);
  // Half of one block is one block, so there is nothing below 1.
  expect(shown('resnet8')).toContain('aria-valuetext="1 times the preset’s depth"');
  expect(shown('resnet8')).toMatch(/max="3"[^>]*value="0"/);
  expect(shown('mlp')).toMatch(/max="4"[^>]*value="1"/);
});
