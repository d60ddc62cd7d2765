import type { ReactNode } from "react";
import type { RemainingState } from "@/lib/billing/thresholds";

type IconProps = { className?: string };

function Icon({ className = "size-4", children }: IconProps & { children: ReactNode }) {
  return (
    <svg
      className={`shrink-0 ${className}`}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {children}
    </svg>
  );
}

/** How much of the clock's face is filled, as the end of an arc from noon. */
const FACES: Record<Exclude<RemainingState, "none">, string> = {
  plenty: "M8 8 V3.75 A4.25 4.25 0 1 1 7.99 3.75 Z",
  some: "M8 8 V3.75 A4.25 4.25 0 0 1 8 12.25 Z",
  little: "M8 8 V3.75 A4.25 4.25 0 0 1 11 5 Z",
};

const STATE_COLOURS: Record<RemainingState, string> = {
  plenty: "text-good",
  some: "text-warn",
  little: "text-bad",
  none: "text-bad",
};

/** The quick check's clock: its face is as full as the account; a triangle when nothing is left. (Q2) */
export function RemainingIcon({ state, className }: IconProps & { state: RemainingState }) {
  const colour = `${STATE_COLOURS[state]} ${className ?? "size-5"}`;
  if (state === "none") return <WarningIcon className={colour} />;
  return (
    <Icon className={colour}>
      <circle cx="8" cy="8" r="6.75" />
      <path d={FACES[state]} fill="currentColor" stroke="none" />
    </Icon>
  );
}

export function WarningIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M8 2 15 14 H1 Z" />
      <path d="M8 6.5 V9.5" />
      <path d="M8 11.8 V11.9" />
    </Icon>
  );
}

export function InfoIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M8 7.5 V11" />
      <path d="M8 5 V5.1" />
    </Icon>
  );
}

export function StopIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M5.2 1.75 H10.8 L14.25 5.2 V10.8 L10.8 14.25 H5.2 L1.75 10.8 V5.2 Z" />
      <path d="M5.5 8 H10.5" />
    </Icon>
  );
}

export function CheckIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M3 8.5 6.5 12 13 4.5" />
    </Icon>
  );
}

export function CopyIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
      <path d="M10.5 5.5 V4 A1.5 1.5 0 0 0 9 2.5 H4 A1.5 1.5 0 0 0 2.5 4 V9 A1.5 1.5 0 0 0 4 10.5 H5.5" />
    </Icon>
  );
}

export function ChevronIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <path d="M4 6 8 10 12 6" />
    </Icon>
  );
}

export function RunningIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M6.6 5.4 10.6 8 6.6 10.6 Z" fill="currentColor" />
    </Icon>
  );
}

export function ProgressIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6.25" strokeDasharray="2.4 2.5" />
    </Icon>
  );
}

export function EndedIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6.25" />
      <rect x="5.75" y="5.75" width="4.5" height="4.5" rx="0.5" />
    </Icon>
  );
}

export function FailedIcon(props: IconProps) {
  return (
    <Icon {...props}>
      <circle cx="8" cy="8" r="6.25" />
      <path d="M5.8 5.8 10.2 10.2 M10.2 5.8 5.8 10.2" />
    </Icon>
  );
}
