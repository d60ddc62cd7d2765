"use client";

import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { buttonClass } from "@/app/_ui/button";
import { Problem } from "@/app/_ui/problem";

/** A page that could not be read. The header stays, and so does everything that runs. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const router = useRouter();
  const tryAgain = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <Problem
      title="This page could not be read"
      action={
        <button type="button" className={buttonClass("primary")} onClick={tryAgain}>
          Try again
        </button>
      }
    >
      <p role="alert">
        Something went wrong on our side. Nothing was changed, and what runs goes on. Try again; if it stays, tell your
        operator{error.digest ? ` and name the number ${error.digest}` : ""}.
      </p>
    </Problem>
  );
}
