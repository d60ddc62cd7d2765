import { RESOURCE_KINDS, type ResourceKind } from "@/lib/billing/kinds";

/** The marks over a kind's colour, so that kinds differ without colour too. */
const MARKS: Record<ResourceKind, { path: string; size: number } | null> = {
  model: null,
  script: { path: "M-1 7 7 -1 M-1 1 1 -1 M5 7 7 5", size: 6 },
  guardrail: { path: "M1.5 1.5 h0.01 M4.5 4.5 h0.01", size: 6 },
  ocr: { path: "M0 2.5 h5", size: 5 },
  browser: { path: "M2.5 0 v5", size: 5 },
  workflow: null,
};

export const kindFill = (kind: ResourceKind) => `url(#kind-${kind})`;

/** Once per page, before the first chart. */
export function KindPatterns() {
  return (
    <svg className="absolute size-0" aria-hidden="true">
      <defs>
        {RESOURCE_KINDS.map((kind) => {
          const marks = MARKS[kind];
          const size = marks?.size ?? 4;
          return (
            <pattern key={kind} id={`kind-${kind}`} width={size} height={size} patternUnits="userSpaceOnUse">
              <rect width={size} height={size} fill={`var(--kind-${kind})`} />
              {marks && (
                <path
                  d={marks.path}
                  stroke="var(--surface)"
                  strokeOpacity="0.55"
                  strokeWidth={kind === "guardrail" ? 2 : 1.25}
                  strokeLinecap={kind === "guardrail" ? "round" : "butt"}
                />
              )}
            </pattern>
          );
        })}
      </defs>
    </svg>
  );
}

export function KindSwatch({ kind }: { kind: ResourceKind }) {
  return (
    <svg className="size-3.5 shrink-0" aria-hidden="true">
      <rect width="14" height="14" rx="3" fill={kindFill(kind)} />
    </svg>
  );
}
