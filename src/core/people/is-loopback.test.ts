import { expect, test } from 'vitest';
import { isLoopback } from './is-loopback.ts';

test.each(['localhost', '127.0.0.1', '127.0.1.1', '[::1]', 'holdout.localhost'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['holdout.example.edu', '10.0.0.7', '127.0.0.1.example.edu', 'localhost.example.edu'])(
  '%s is another',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
