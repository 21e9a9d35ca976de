import { TestServer } from '../e2e/server.ts';
import { median, spread } from './support/median.ts';

/** Seconds from the command to the first page, on a built tree: with a new data folder, and on one that is there. */
const ROUNDS = 5;
const fresh: number[] = [];
const again: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const begun = performance.now();
  const server = await TestServer.start();
  try {
    await page(server.url);
    fresh.push((performance.now() - begun) / 1000);
    await server.stop();
    const restarted = performance.now();
    await server.start();
    await page(server.url);
    again.push((performance.now() - restarted) / 1000);
  } finally {
    await server.remove();
  }
}
console.log(
  `first start on a built tree: ${median(fresh).toFixed(1)} s to the first page (${spread(fresh, 1)}, n = ${ROUNDS})`,
);
console.log(
  `second start:                ${median(again).toFixed(1)} s to the first page (${spread(again, 1)}, n = ${ROUNDS})`,
);

async function page(url: string): Promise<void> {
  const response = await fetch(`${url}/signin`);
  if (!response.ok || !(await response.text()).includes('Sign in'))
    throw new Error(`${url}/signin: ${response.status}`);
}
