import type { Role } from "@/lib/billing/kinds";

/** R1: owner and admin see billing, a member where it was allowed, a viewer never. */
export function seesBilling(role: Role, allowed: boolean): boolean {
  return role === "owner" || role === "admin" || (role === "member" && allowed);
}

/** Who may deploy and undeploy. */
export function canManage(role: Role): boolean {
  return role !== "viewer";
}
