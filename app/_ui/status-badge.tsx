import { EndedIcon, FailedIcon, ProgressIcon, RunningIcon } from "@/app/_ui/icons";
import { Badge } from "@/app/_ui/surface";
import type { DeploymentStatus } from "@/lib/billing/kinds";

/** The statuses as SPEC names them; stopping is on its way to undeployed. */
const STATUSES = {
  deploying: { word: "Deploying", Icon: ProgressIcon, look: "bg-accent-faint text-accent ring-accent/25" },
  deployed: { word: "Deployed", Icon: RunningIcon, look: "bg-good-faint text-good ring-good/25" },
  stopping: { word: "Stopping", Icon: ProgressIcon, look: "bg-warn-faint text-warn ring-warn/25" },
  undeployed: { word: "Undeployed", Icon: EndedIcon, look: "bg-sunken text-ink-soft ring-line" },
  failed: { word: "Failed", Icon: FailedIcon, look: "bg-bad-faint text-bad ring-bad/25" },
} as const satisfies Record<DeploymentStatus, unknown>;

export function StatusBadge({ status }: { status: DeploymentStatus }) {
  const { word, Icon, look } = STATUSES[status];
  return (
    <Badge size="xs" className={`py-1 ${look}`}>
      <span className="inline-flex items-center gap-1.5 font-medium">
        <Icon className="size-3.5" />
        {word}
      </span>
    </Badge>
  );
}
