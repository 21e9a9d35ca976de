import type { Actor } from './actor.ts';

/** For tests: somebody who is signed in. */
export function personActor(userId: string, more: { isAdmin?: boolean; sessionId?: string } = {}): Actor {
  return {
    userId,
    isAdmin: more.isAdmin ?? false,
    via: { kind: 'session', sessionId: more.sessionId ?? '00000000-0000-0000-0000-000000000000' },
  };
}
