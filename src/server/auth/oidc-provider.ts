import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Env } from '#env';

/** Claims of the ID token, completed by those of the userinfo endpoint, where many providers put e-mail and name. */
interface Claims {
  sub: string;
  email?: string;
  email_verified?: boolean;
  name?: string;
}

/**
 * Any OpenID Connect provider with discovery, as code flow with PKCE, state and nonce; null where none is set up.
 * @throws Error with a sentence for the operator when only some of the three variables are set
 */
export function oidcProvider(
  env: Pick<Env, 'OIDC_ISSUER' | 'OIDC_CLIENT_ID' | 'OIDC_CLIENT_SECRET' | 'OIDC_NAME'>,
): OAuthConfig<Claims> | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer && !clientId && !clientSecret) return null;
  if (!issuer || !clientId || !clientSecret) {
    throw new Error('Single sign-on needs OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, all three.');
  }
  return {
    id: 'oidc',
    name: env.OIDC_NAME,
    type: 'oauth',
    issuer,
    clientId,
    clientSecret,
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    authorization: { params: { scope: 'openid email profile' } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    userinfo: {
      async request({ tokens, client }) {
        // next-auth hands over the token set that openid-client made, and types it as its plain parameters.
        const set = tokens as Exclude<Parameters<typeof client.userinfo>[0], string>;
        const claims: Claims = set.claims();
        if (!client.issuer.metadata.userinfo_endpoint || !set.access_token) return claims;
        // Given the token set, openid-client refuses an answer about another subject (OIDC Core 5.3.2).
        return { ...claims, ...(await client.userinfo<Claims>(set)) };
      },
    },
    profile: (claims) => ({ id: claims.sub, name: claims.name ?? null, email: claims.email ?? null }),
  };
}
