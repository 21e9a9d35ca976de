import { isWebServer } from '#env';

/** Next calls this once, before the first request. */
export async function register(): Promise<void> {
  if (!isWebServer()) return;
  const { followChanges } = await import('#server/follow.ts');
  followChanges();
}
