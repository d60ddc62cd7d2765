import { Auth, raw, skipCSRFCheck } from "@auth/core";
import { type AuthPorts, authConfig } from "@/lib/auth/auth-config";

/** A browser as far as sign-in goes: it keeps cookies, and does what the pages and the route of this project do. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(
    private readonly ports: Omit<AuthPorts, "presentToken">,
    private readonly cookieName: string,
  ) {}

  sessionToken(): string | undefined {
    return this.cookies.get(this.cookieName);
  }

  /** As a server action does it. Returns where it leads; throws what was refused. */
  async act(
    action: "signin" | "callback" | "signout",
    provider: string,
    fields: Record<string, string>,
  ): Promise<string> {
    const url = `${this.ports.env.APP_URL}/api/auth/${[action, provider].filter(Boolean).join("/")}`;
    const headers = { "content-type": "application/x-www-form-urlencoded", cookie: this.cookieHeader() };
    const request = new Request(url, { method: "POST", headers, body: new URLSearchParams(fields) });
    const answer = await Auth(request, { ...this.config(), raw, skipCSRFCheck });
    if (answer instanceof Response) throw new Error(`answered with a page of ${answer.status}`);
    for (const { name, value } of answer.cookies ?? []) this.keep(name, value);
    return answer.redirect ?? "";
  }

  /** As the route does it. Returns where it leads. */
  async open(address: string): Promise<string> {
    const request = new Request(address, { headers: { cookie: this.cookieHeader() } });
    const response = await Auth(request, this.config());
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const split = pair.indexOf("=");
      this.keep(pair.slice(0, split), decodeURIComponent(pair.slice(split + 1)));
    }
    return response.headers.get("location") ?? "";
  }

  private config() {
    return authConfig({ ...this.ports, presentToken: async () => this.sessionToken() });
  }

  private keep(name: string, value: string): void {
    if (value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }

  private cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
  }
}
