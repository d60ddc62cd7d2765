"use client";

import { type FormEvent, startTransition, useId, useRef, useState } from "react";
import { Button, type ButtonLook, buttonClass } from "./button";

/**
 * A form that asks once more before it is sent, in the browser's own dialog element: it holds the focus and gives it back. Without
 * JavaScript it is sent at once.
 */
export function ConfirmForm({
  send,
  isPending,
  fields,
  button,
  question,
  children,
}: {
  send: (form: FormData) => void;
  isPending: boolean;
  fields: Record<string, string | number>;
  button: { words: string; label: string; look: ButtonLook };
  question: string;
  children: string;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [data, setData] = useState<FormData | null>(null);
  const titleId = useId();
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setData(new FormData(event.currentTarget));
    dialog.current?.showModal();
  };
  const confirm = () => {
    dialog.current?.close();
    if (data) startTransition(() => send(data));
  };
  return (
    <>
      <form action={send} onSubmit={ask}>
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <Button look={button.look} size="small" aria-label={button.label} disabled={isPending}>
          {isPending ? "One moment …" : button.words}
        </Button>
      </form>
      <dialog
        ref={dialog}
        aria-labelledby={titleId}
        className="m-auto w-[min(26rem,calc(100vw-2rem))] rounded-xl bg-surface p-6 text-left whitespace-normal text-ink shadow-2xl ring-1 ring-line"
      >
        <h2 id={titleId} className="text-base font-semibold">
          {question}
        </h2>
        <p className="mt-2 text-sm text-ink-soft">{children}</p>
        <div className="mt-6 flex justify-end gap-3">
          <button type="button" className={buttonClass("secondary")} onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="button" className={buttonClass("danger")} onClick={confirm}>
            {button.words}
          </button>
        </div>
      </dialog>
    </>
  );
}
