"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";

/** Reads the page again while something on it is on its way, such as a deployment that comes up. */
export function RefreshWhile({ underWay, intervalMs = 2_000 }: { underWay: boolean; intervalMs?: number }) {
  const router = useRouter();
  const refresh = useEffectEvent(() => {
    if (document.visibilityState === "visible") router.refresh();
  });
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(() => refresh(), intervalMs);
    return () => clearInterval(timer);
  }, [underWay, intervalMs]);
  return null;
}
