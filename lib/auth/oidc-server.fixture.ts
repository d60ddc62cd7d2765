import { createHash, generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

type Claims = { sub: string; email?: string; email_verified?: boolean | "true" | "false"; name?: string };
type Approval = { claims: Claims; nonce: string | null; challenge: string | null };

/** A small OpenID Connect provider. `approve` is the person's consent there; it returns where the browser is sent back to. */
export type OidcServer = {
  issuer: string;
  approve(authorizationUrl: string, claims: Claims): string;
  stop(): Promise<void>;
};

export async function startOidcServer(clientId: string): Promise<OidcServer> {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const approvals = new Map<string, Approval>();
  const claimsByToken = new Map<string, Claims>();
  let issuer = "";

  function idToken({ claims, nonce }: Approval): string {
    const seconds = Math.floor(Date.now() / 1000);
    const header = { alg: "RS256", kid: "test" };
    const payload = { sub: claims.sub, iss: issuer, aud: clientId, iat: seconds, exp: seconds + 60, nonce };
    const signed = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
    return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
  }

  async function answer(request: IncomingMessage): Promise<object | null> {
    if (request.url === "/.well-known/openid-configuration")
      return {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        userinfo_endpoint: `${issuer}/userinfo`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ["code"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      };
    if (request.url === "/jwks")
      return { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "test", alg: "RS256", use: "sig" }] };
    if (request.url === "/userinfo")
      return claimsByToken.get(request.headers.authorization?.replace("Bearer ", "") ?? "") ?? null;
    if (request.url !== "/token") return null;
    const form = new URLSearchParams(await bodyOf(request));
    const code = form.get("code") ?? "";
    const approval = approvals.get(code);
    approvals.delete(code);
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!approval || approval.challenge !== challenge) return null;
    const accessToken = randomUUID();
    claimsByToken.set(accessToken, approval.claims);
    return { access_token: accessToken, token_type: "bearer", expires_in: 60, id_token: idToken(approval) };
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => response.writeHead(body ? 200 : 400, { "content-type": "application/json" }).end(JSON.stringify(body)),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    approve(authorizationUrl, claims) {
      const { searchParams } = new URL(authorizationUrl);
      const code = randomUUID();
      approvals.set(code, {
        claims,
        nonce: searchParams.get("nonce"),
        challenge: searchParams.get("code_challenge"),
      });
      const back = new URL(searchParams.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      const state = searchParams.get("state");
      if (state) back.searchParams.set("state", state);
      return back.href;
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
