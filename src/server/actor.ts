import type { TokenScope } from '#db/generated/enums.ts';

/** Who asks: a person by session, or a script by token. Every use case takes one. */
export interface Actor {
  userId: string;
  isAdmin: boolean;
  /** how they came in */
  via:
    | { kind: 'session'; sessionId: string }
    | { kind: 'token'; tokenId: string; scopes: readonly TokenScope[]; projectId: string | null };
}

/** A session may do all that the person may; a token only what its scopes say. */
export function hasScope(actor: Actor, scope: TokenScope): boolean {
  return actor.via.kind === 'session' || actor.via.scopes.includes(scope);
}

/** For work that a person has ordered and that is done later: the person's rights are looked at then, not now. */
export function onBehalfOf(userId: string): Actor {
  return { userId, isAdmin: false, via: { kind: 'session', sessionId: 'later' } };
}
