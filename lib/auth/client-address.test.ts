import { expect, it } from "vitest";
import { clientAddress } from "@/lib/auth/client-address";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["1.2.3.4, 203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["not an address", "unknown"],
  [null, "unknown"],
])("attempts forwarded for %s are counted for %s", (forwarded, counted) => {
  expect(clientAddress({ get: () => forwarded })).toBe(counted);
});
