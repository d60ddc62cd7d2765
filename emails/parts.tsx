import type { ReactNode } from "react";
import { Link, Section, Text } from "react-email";
import { basisPoints } from "@/lib/billing/amount";
import type { Meter } from "@/lib/billing/kinds";
import { remainingState } from "@/lib/billing/thresholds";
import { formatPercent } from "@/lib/format";
import type { AccountFacts } from "./facts";
import { BAR_COLOURS, STYLES } from "./theme";
import { type Fact, formatAmount, METER_NOUNS } from "./wording";

export function Paragraph({ children }: { children: ReactNode }) {
  return (
    <Text className="text" style={STYLES.text}>
      {children}
    </Text>
  );
}

export function Heading({ children }: { children: string }) {
  return (
    <h2 className="text" style={STYLES.heading}>
      {children}
    </h2>
  );
}

export function Bullets({ items }: { items: ReactNode[] }) {
  return (
    <ul className="text" style={STYLES.list}>
      {items.map((item, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mail is rendered once, nothing moves
        <li key={place} style={STYLES.item}>
          {item}
        </li>
      ))}
    </ul>
  );
}

export function SupportLink({ facts }: { facts: AccountFacts }) {
  return (
    <Link className="link" href={`mailto:${facts.supportEmail}`} style={STYLES.link}>
      {facts.supportEmail}
    </Link>
  );
}

/** A command to copy, on a line of its own. */
export function Command({ children }: { children: string }) {
  return (
    <pre className="code" style={STYLES.code}>
      {children}
    </pre>
  );
}

/** What is left of what was given, as a figure and as a bar; the figure says all, so the bar is for the eye only. */
export function Balance({ meter, facts }: { meter: Meter; facts: AccountFacts }) {
  const [remaining, granted] =
    meter === "credits" ? [facts.remainingMicro, facts.grantedMicro] : [facts.runsRemaining, facts.runsGranted];
  return (
    <Section style={STYLES.balance}>
      <Text style={{ margin: 0 }}>
        <span className="text" style={STYLES.figure}>
          {formatAmount(meter, remaining)}
        </span>{" "}
        <span className="muted" style={STYLES.figureTotal}>
          of {formatAmount(meter, granted)} {METER_NOUNS[meter]} remaining
          {remaining > 0n && <span style={{ whiteSpace: "nowrap" }}> ({formatPercent(remaining, granted)})</span>}
        </span>
      </Text>
      <Bar percent={percentLeft(remaining, granted)} colour={BAR_COLOURS[remainingState(remaining, granted)]} />
    </Section>
  );
}

function percentLeft(remaining: bigint, granted: bigint): number {
  const points = basisPoints(remaining, granted) ?? 0n;
  if (points <= 0n) return 0;
  // A little that is left is a little that is seen.
  return Math.min(100, Math.max(1, Number(points / 100n)));
}

function Bar({ percent, colour }: { percent: number; colour: string }) {
  return (
    <table
      aria-hidden="true"
      role="presentation"
      width="100%"
      cellPadding={0}
      cellSpacing={0}
      className="track"
      data-skip-in-text="true"
      style={STYLES.barTrack}
    >
      <tbody>
        <tr>
          {percent > 0 && (
            <td width={`${percent}%`} style={{ ...STYLES.barCell, backgroundColor: colour, borderRadius: "4px" }}>
              &nbsp;
            </td>
          )}
          {percent < 100 && <td style={STYLES.barCell}>&nbsp;</td>}
        </tr>
      </tbody>
    </table>
  );
}

export function FactTable({ caption, facts }: { caption: string; facts: Fact[] }) {
  return (
    <table aria-label={caption} data-text-format="dataTable" cellPadding={0} cellSpacing={0} style={STYLES.facts}>
      <tbody>
        {facts.map(({ label, value, link }) => (
          <tr key={label}>
            <th scope="row" className="muted line" style={STYLES.factLabel}>
              {label}
            </th>
            <td className="text line" style={STYLES.factValue}>
              {link ? (
                <Link className="link" href={link} style={STYLES.link}>
                  {value}
                </Link>
              ) : (
                value
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
