import { formatPercent } from "@/lib/format";
import type { AccountFacts, Crossing } from "./facts";
import type { Letter } from "./letter";
import { Paragraph } from "./parts";
import { addMore, spendLess } from "./steps";
import { disabledNext, disabledNow, formatAmount, METER_NOUNS, subjectFor } from "./wording";

/** 50, 70, 80 or 90 % of credits or runs are used (N4). */
export function thresholdLetter(facts: AccountFacts, { meter, threshold, remaining, granted }: Crossing): Letter {
  const noun = METER_NOUNS[meter];
  const left = `${formatAmount(meter, remaining)} of ${formatAmount(meter, granted)}`;
  const headline = `${threshold} % of your ${noun} are used`;
  const disabled = disabledNow(facts, meter);
  const next = meter === "credits" ? disabledNext(facts) : ["At 0 runs: no workflow can be run until runs are added."];
  return {
    subject: subjectFor(`${headline}: ${left} left`, facts),
    preview: `${left} ${noun} were left when ${facts.accountName} crossed ${threshold} %.`,
    headline,
    story: (
      <Paragraph>
        {facts.accountName} has used {formatPercent(granted - remaining, granted)} of its {noun}: {left} were left when
        it crossed {threshold} %.
      </Paragraph>
    ),
    meaning: [...(disabled.length > 0 ? disabled : ["Nothing is disabled yet."]), ...next],
    steps: [addMore(meter, facts), ...(meter === "credits" ? spendLess(facts) : [])],
    button: { label: `See where the ${meter} went`, page: "usage" },
    meter,
    facts: [],
  };
}
