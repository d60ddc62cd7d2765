"use client";

import { useRouter } from "next/navigation";
import { useEffect, useEffectEvent } from "react";

const INTERVAL_MS = 2_000;

/** Reads the page again while something on it is on its way, such as a deployment that comes up. */
export function RefreshWhile({ underWay }: { underWay: boolean }) {
  const router = useRouter();
  const refresh = useEffectEvent(() => {
    if (document.visibilityState === "visible") router.refresh();
  });
  useEffect(() => {
    if (!underWay) return;
    const timer = setInterval(() => refresh(), INTERVAL_MS);
    return () => clearInterval(timer);
  }, [underWay]);
  return null;
}
