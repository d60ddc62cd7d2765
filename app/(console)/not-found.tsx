import Link from "next/link";
import { buttonClass } from "@/app/_ui/button";
import { Problem } from "@/app/_ui/problem";

export default function NotFound() {
  return (
    <Problem
      title="There is no such page"
      action={
        <Link href="/" className={buttonClass("primary")}>
          To the overview
        </Link>
      }
    >
      The address may be mistyped, or it belongs to an account that is not yours. If you have several, choose the
      account at the top right first.
    </Problem>
  );
}
