import type { ComponentProps } from "react";

const LOOKS = {
  primary: "bg-ink text-paper hover:bg-ink-soft disabled:bg-sunken disabled:text-ink-faint",
  secondary: "bg-surface text-ink ring-1 ring-inset ring-line-strong hover:bg-sunken disabled:text-ink-faint",
  danger: "bg-surface text-bad ring-1 ring-inset ring-bad hover:bg-bad-faint",
} as const;

export type ButtonLook = keyof typeof LOOKS;

/** For buttons, and for links that look like one. */
export function buttonClass(look: ButtonLook, size: "small" | "normal" = "normal"): string {
  const room = size === "small" ? "h-8 px-3 text-[0.8125rem]" : "h-10 px-4 text-sm";
  return `inline-flex items-center justify-center gap-2 rounded-md font-medium whitespace-nowrap transition-colors disabled:cursor-not-allowed ${room} ${LOOKS[look]}`;
}

export function Button({
  look = "primary",
  size = "normal",
  className = "",
  ...rest
}: ComponentProps<"button"> & { look?: ButtonLook; size?: "small" | "normal" }) {
  return <button type="submit" className={`${buttonClass(look, size)} ${className}`} {...rest} />;
}
