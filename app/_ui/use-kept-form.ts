"use client";

import { type FormEvent, startTransition, useEffect, useRef } from "react";

/**
 * For a form whose action answers with its next state (what `useActionState` gives). Sent through `onSubmit`, since React empties a
 * form that it sends itself; without JavaScript the browser sends it and the state brings the values back. After a refusal the
 * first field that is wrong has the focus.
 */
export function useKeptForm<State>([state, send, isPending]: [State, (form: FormData) => void, boolean]) {
  const form = useRef<HTMLFormElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new state is the answer to look at
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [state]);
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    startTransition(() => send(data));
  };
  return { state, isPending, formProps: { ref: form, action: send, onSubmit, noValidate: true } };
}
