import type { Metadata } from "next";
import Link from "next/link";
import { connection } from "next/server";
import { LINK_MINUTES } from "@/lib/auth/sign-in-link";
import { runtime } from "@/lib/runtime";

export const metadata: Metadata = { title: "Check your mail" };

/** The same for everyone: it does not say whether there is somebody of that address. */
export default async function CheckYourMailPage() {
  await connection();
  const { MAILBOX_URL } = runtime().env;
  return (
    <div className="space-y-4">
      <h1 className="text-xl font-semibold">Check your mail</h1>
      <p>
        If somebody here has that e-mail address, a link to sign in is on its way to it. It works once, for{" "}
        {LINK_MINUTES} minutes.
      </p>
      {MAILBOX_URL && (
        <p>
          Mail of this installation stays on this machine:{" "}
          <a className="link" href={MAILBOX_URL}>
            open the mailbox
          </a>
          .
        </p>
      )}
      <p className="text-sm text-ink-soft">
        Nothing there? Look among the junk, or{" "}
        <Link className="link" href="/sign-in">
          go back and check the address
        </Link>
        .
      </p>
    </div>
  );
}
