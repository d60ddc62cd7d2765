import { InfoIcon, StopIcon, WarningIcon } from "@/app/_ui/icons";
import type { Notice } from "./notices";

const TONES = {
  calm: { box: "bg-accent-faint", icon: "text-accent", Icon: InfoIcon, word: "Note" },
  warn: { box: "bg-warn-faint", icon: "text-warn", Icon: WarningIcon, word: "Warning" },
  bad: { box: "bg-bad-faint", icon: "text-bad", Icon: StopIcon, word: "Important" },
} as const;

/** The notices at the top of every page. The frame is always there, so that a new one is read out. (N1–N3) */
export function Banner({ notices }: { notices: Notice[] }) {
  return (
    <section aria-label="Notices">
      <div role="status">
        {notices.map(({ tone, title, sentences }) => {
          const { box, icon, Icon, word } = TONES[tone];
          return (
            <div key={title} className={`border-b border-line ${box}`}>
              <div className="mx-auto flex max-w-6xl gap-3 px-4 py-3 sm:px-6">
                <Icon className={`mt-0.5 size-[1.125rem] ${icon}`} />
                <p className="max-w-4xl text-sm">
                  <span className="sr-only">{word}: </span>
                  <strong className="font-semibold">{title}</strong> {sentences.join(" ")}
                </p>
              </div>
            </div>
          );
        })}
      </div>
    </section>
  );
}
