import type { OIDCConfig } from "next-auth/providers";
import type { Env } from "@/lib/env";

/** The ids of the ways to sign in; they stand in addresses that providers are given. */
export const PROVIDERS = { password: "password", link: "link", oidc: "oidc" } as const;

type OidcClaims = { sub: string; name?: string; email?: string };

/** Any OpenID Connect provider, by AUTH_OIDC_*; none where they are not set. */
export function oidcProvider(env: Env): OIDCConfig<OidcClaims>[] {
  if (env.AUTH_OIDC_ISSUER === undefined) return [];
  return [
    {
      id: PROVIDERS.oidc,
      type: "oidc",
      name: env.AUTH_OIDC_NAME,
      issuer: env.AUTH_OIDC_ISSUER,
      clientId: env.AUTH_OIDC_CLIENT_ID,
      clientSecret: env.AUTH_OIDC_CLIENT_SECRET,
      checks: ["pkce", "state", "nonce"],
      // Also from the userinfo endpoint: many providers say the e-mail address there only.
      idToken: false,
      profile: (claims) => ({ id: claims.sub, name: claims.name, email: claims.email }),
      // The provider is asked who somebody is, and nothing afterwards: its tokens are not kept.
      account: () => ({}),
      // The callback `signIn` lets nobody through to this but with an address that the provider has verified.
      allowDangerousEmailAccountLinking: true,
    },
  ];
}
