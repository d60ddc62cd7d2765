import type { ReactNode } from "react";

const INPUT =
  "h-10 w-full rounded-md bg-surface px-3 text-ink ring-1 ring-inset ring-line-strong aria-[invalid=true]:ring-2 aria-[invalid=true]:ring-bad";

type Aria = { id: string; "aria-invalid": boolean | undefined; "aria-describedby": string | undefined };

/** A labelled field with a hint, and what is wrong with it beside it. */
export function Field({
  id,
  label,
  hint,
  errors,
  children,
}: {
  id: string;
  label: string;
  hint?: string;
  errors?: string[];
  children: (control: Aria & { className: string }) => ReactNode;
}) {
  const wrong = errors !== undefined && errors.length > 0;
  const describedBy = [hint ? `${id}-hint` : null, wrong ? `${id}-error` : null].filter(Boolean).join(" ");
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        className: INPUT,
        "aria-invalid": wrong || undefined,
        "aria-describedby": describedBy || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="label mt-1.5">
          {hint}
        </p>
      )}
      <FieldError id={`${id}-error`} errors={errors} />
    </div>
  );
}

export function FieldError({ id, errors }: { id: string; errors?: string[] }) {
  if (!errors || errors.length === 0) return null;
  return (
    <p id={id} className="mt-1.5 text-sm text-bad">
      {errors.join(" ")}
    </p>
  );
}
