"use client";

import { useActionState, useId } from "react";
import { Button } from "@/app/_ui/button";
import { type FormState, linkAction, passwordAction } from "./actions";
import { Refusal } from "./notice";

const EMPTY: FormState = { message: null, email: "" };
const FIELD =
  "mt-1 block w-full rounded-md border border-line-strong bg-surface px-3 py-2 text-ink aria-invalid:border-bad";

/** Both forms work without JavaScript too: the action's answer then comes with the page. */
export function PasswordForm({ next }: { next: string }) {
  const [state, action, isPending] = useActionState(passwordAction, EMPTY);
  const refusalId = useId();
  return (
    <form action={action} className="space-y-4">
      {state.message && <Refusal id={refusalId}>{state.message}</Refusal>}
      <input type="hidden" name="next" value={next} />
      <EmailField state={state} refusalId={refusalId} />
      <label className="label block">
        Password
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          aria-invalid={state.message !== null}
          aria-describedby={state.message ? refusalId : undefined}
          className={FIELD}
        />
      </label>
      <Button className="w-full" aria-disabled={isPending}>
        {isPending ? "Signing in…" : "Sign in"}
      </Button>
    </form>
  );
}

export function LinkForm({ next }: { next: string }) {
  const [state, action, isPending] = useActionState(linkAction, EMPTY);
  const refusalId = useId();
  return (
    <details className="border-t border-line pt-4" open={state.message !== null}>
      <summary className="text-sm text-ink-soft">No password, or forgotten? Sign in by a link</summary>
      <form action={action} className="space-y-4 pt-4">
        {state.message && <Refusal id={refusalId}>{state.message}</Refusal>}
        <input type="hidden" name="next" value={next} />
        <EmailField state={state} refusalId={refusalId} />
        <Button look="secondary" className="w-full" aria-disabled={isPending}>
          {isPending ? "Sending…" : "Mail me a link"}
        </Button>
      </form>
    </details>
  );
}

function EmailField({ state, refusalId }: { state: FormState; refusalId: string }) {
  return (
    <label className="label block">
      E-mail address
      <input
        // A form that was answered is emptied; a new key gives it what was typed.
        key={state.email}
        name="email"
        type="email"
        autoComplete="username"
        required
        maxLength={254}
        defaultValue={state.email}
        aria-invalid={state.message !== null}
        aria-describedby={state.message ? refusalId : undefined}
        className={FIELD}
      />
    </label>
  );
}
