/** The commands behind `npm start`, `npm test`, `npm run web`, `npm run trainer`, `npm run referee` and `npm run bench`. */
const commands: Record<string, () => Promise<unknown>> = {
  start: async () => (await import('./supervisor/start.ts')).start(),
  test: async () => (await import('./test/run-all.ts')).runAll(process.argv.slice(3)),
  web: async () => (await import('./setup/single.ts')).runWeb(),
  trainer: async () => (await import('./setup/single.ts')).runWorker('trainer'),
  referee: async () => (await import('./setup/single.ts')).runWorker('referee'),
  bench: async () => (await import('./setup/bench.ts')).runBench(process.argv.slice(3)),
};

const [, , wanted = 'start'] = process.argv;
const command = commands[wanted];
if (!command) {
  console.error(`There is no command ${wanted}. Say one of: ${Object.keys(commands).join(', ')}.`);
  process.exit(64);
}
try {
  await command();
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

export {};
