import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ErrorState } from './states.tsx';

test('what is wrong is told once, though it is the message and one of the items', () => {
  const [first, second] = ['This layer does not fit.', 'The warm-up is too long.'];
  const items = [
    { path: '/model/layers/0', message: first },
    { path: '/schedule', message: second },
  ];
  const error = Object.assign(new Error(first), { data: { app: { code: 'invalid_data', items } } });
  const html = renderToStaticMarkup(<ErrorState error={error} />);
  expect(html.split(first!)).toHaveLength(2);
  expect(html).toContain(second);
});
