import Link from "next/link";
import { buttonClass } from "@/app/_ui/button";
import { Problem } from "@/app/_ui/problem";

export default function NotFound() {
  return (
    <main className="px-4">
      <Problem
        title="There is no such page"
        action={
          <Link href="/" className={buttonClass("primary")}>
            To the overview
          </Link>
        }
      >
        The address may be mistyped, or the page has moved.
      </Problem>
    </main>
  );
}
