"use client";

import { buttonClass } from "@/app/_ui/button";
import { Problem } from "@/app/_ui/problem";
import "./globals.css";

/** When not even the frame of the pages can be read, for example while the database is away. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body className="min-h-dvh px-4 font-sans">
        <title>Not available · Podmeter</title>
        <main>
          <Problem
            title="Podmeter is not available at the moment"
            action={
              <button type="button" className={buttonClass("primary")} onClick={() => window.location.reload()}>
                Try again
              </button>
            }
          >
            <p role="alert">
              It cannot read its data. What runs goes on and is counted correctly once it can. Try again in a moment; if
              it stays, tell your operator{error.digest ? ` and name the number ${error.digest}` : ""}.
            </p>
          </Problem>
        </main>
      </body>
    </html>
  );
}
