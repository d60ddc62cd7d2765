import { isIPv4, isIPv6 } from "node:net";

/**
 * Whose attempts are counted together: an IPv4 address, or the /64 that one household or server is given of IPv6. Taken from the
 * last entry of X-Forwarded-For, which the proxy nearest to us (or Next itself, without one) has written; earlier ones can be invented.
 */
export function clientAddress(headers: { get(name: string): string | null }): string {
  const nearest = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "";
  const address = nearest.replace(/^::ffff:(?=\d+\.)/i, "");
  if (isIPv4(address)) return address;
  return isIPv6(address) ? networkOf(address) : "unknown";
}

function networkOf(address: string): string {
  const [before = "", after = ""] = address.split("%")[0]?.split("::") ?? [];
  const leading = before.split(":").filter(Boolean);
  const trailing = after.split(":").filter(Boolean);
  const zeros = Array<string>(Math.max(0, 8 - leading.length - trailing.length)).fill("0");
  const groups = address.includes("::") ? [...leading, ...zeros, ...trailing] : leading;
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
