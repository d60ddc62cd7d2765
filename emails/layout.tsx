import { Body, Button, Container, Head, Html, Preview, Text } from "react-email";
import { formatCount } from "@/lib/format";
import type { AccountFacts } from "./facts";
import type { Letter } from "./letter";
import { Balance, Bullets, FactTable, Heading, SupportLink } from "./parts";
import { DARK_SHEET, STYLES } from "./theme";
import { creditsText, type Fact, pageUrl, runwayFacts, when } from "./wording";

/** The one layout of all mails: what happened, what is left, what it means, what to do, and the facts. */
export function Layout({ letter, facts }: { letter: Letter; facts: AccountFacts }) {
  const { button, meter } = letter;
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <title>{letter.subject}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{DARK_SHEET}</style>
      </Head>
      <Preview useTitleTag={false}>{letter.preview}</Preview>
      <Body className="page" style={STYLES.page}>
        <Container style={{ maxWidth: "600px" }}>
          <article aria-label={letter.subject}>
            <Text className="muted" style={STYLES.wordmark}>
              Podmeter
            </Text>
            <Container className="card" style={{ ...STYLES.card, maxWidth: "600px" }}>
              <h1 className="text" style={STYLES.headline}>
                {letter.headline}
              </h1>
              {letter.story}
              <Balance meter={meter} facts={facts} />
              <Heading>What this means now</Heading>
              <Bullets items={letter.meaning} />
              <Heading>What to do next</Heading>
              <Bullets items={letter.steps} />
              <Button className="button" href={pageUrl(facts, button.page)} style={STYLES.button}>
                {button.label}
              </Button>
              <Heading>{`As of ${when(facts.asOf, facts)}`}</Heading>
              <FactTable caption="Facts of this message" facts={[...letter.facts, ...accountRows(letter, facts)]} />
            </Container>
            <Text className="muted" style={STYLES.small}>
              You get this as an owner or admin of {facts.accountName} ({facts.accountPublicId}). Questions:{" "}
              <SupportLink facts={facts} />
            </Text>
          </article>
        </Container>
      </Body>
    </Html>
  );
}

function accountRows(letter: Letter, facts: AccountFacts): Fact[] {
  const credits = `${creditsText(facts.remainingMicro)} of ${creditsText(facts.grantedMicro)} total`;
  const runs = `${formatCount(facts.runsRemaining)} of ${formatCount(facts.runsGranted)} total`;
  return [
    { label: "Account", value: `${facts.accountName} (${facts.accountPublicId})` },
    { label: "Credits remaining", value: credits },
    ...(letter.meter === "runs" ? [{ label: "Runs remaining", value: runs }] : []),
    ...runwayFacts(facts),
  ];
}
