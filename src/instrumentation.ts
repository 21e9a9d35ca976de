/** Next calls this once, before the first request. */
export async function register(): Promise<void> {
  // biome-ignore lint/style/noProcessEnv: written out, so that Next leaves the branch out where it compiles this for its edge runtime
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { followChanges } = await import('#server/follow.ts');
    followChanges();
  }
}
