import { readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { aSpec, eventuallyAnswering, only, usePods } from "./local-platform.fixture";
import { LOCAL_PROGRAMS } from "./programs";
import { programFile } from "./shipped-files";

const pods = usePods();

async function post(programId: string, body: BodyInit) {
  const kind = LOCAL_PROGRAMS.find((program) => program.id === programId)?.kind ?? "script";
  const platform = pods.platform();
  await platform.deploy(aSpec({ programId, kind }));
  const { endpoint } = only(await eventuallyAnswering(platform, 1));
  const answer = await fetch(String(endpoint), { method: "POST", body });
  return {
    status: answer.status,
    text: await answer.text(),
    ask: (other: BodyInit) => fetch(String(endpoint), { method: "POST", body: other }),
  };
}

test("the catalogue and the programs that ship are the same (D2)", async () => {
  const files = (await readdir(dirname(programFile("any")))).filter((name) => name !== "serve.mjs");
  expect(files.sort()).toEqual(LOCAL_PROGRAMS.map((program) => `${program.id}.mjs`).sort());
});

test("hello-http gives back what it got (D2)", async () => {
  const { text } = await post("hello-http", "grüezi");
  expect(JSON.parse(text)).toEqual({ hello: "greeter", bytes: 7, received: "grüezi" });
});

test("json-to-csv makes a column for each key and quotes what needs it; bad input is refused (D2)", async () => {
  const { text, ask } = await post("json-to-csv", '[{"a":1,"b":"x,y"},{"a":null,"c":"say \\"hi\\""}]');
  expect(text).toBe('a,b,c\r\n1,"x,y",\r\n,,"say ""hi"""\r\n');
  for (const bad of ["{", "{}", "[1]", "x".repeat(1_000_001)]) expect((await ask(bad)).status).toBe(400);
});

test("echo-model completes a prompt with its own tokens (D2)", async () => {
  const { text } = await post("echo-model", '{"prompt":"To be, or not","max_tokens":3}');
  expect(JSON.parse(text)).toMatchObject({
    tokens: ["To", " be", ","],
    finish_reason: "length",
    usage: { prompt_tokens: 5, completion_tokens: 3 },
  });
});

test("pii-scanner finds addresses and card numbers, not just any digits (D2)", async () => {
  const { text } = await post(
    "pii-scanner",
    "Ann <ann@example.org> paid with 4111 1111 1111 1111, order 4111111111111112.",
  );
  expect(JSON.parse(text)).toMatchObject({
    flagged: true,
    findings: [
      { kind: "email", match: "ann@example.org" },
      { kind: "card_number", match: "4111 1111 1111 1111" },
    ],
    redacted: "Ann <[email]> paid with [card_number], order 4111111111111112.",
  });
});

test("text-scanner reads the text between bytes that are none (D2)", async () => {
  const { text } = await post(
    "text-scanner",
    Buffer.from([0, 255, 254, ...Buffer.from("Rechnung Nr. 7 für Zoë"), 1, 65, 2]),
  );
  expect(JSON.parse(text)).toMatchObject({ lines: ["Rechnung Nr. 7 für Zoë"] });
});

test("page-fetcher reads title, headings and links (D2)", async () => {
  const page = `<title>A &amp; B</title><h1>Hi <b>you</b></h1><!-- <a href="no">no</a> --><a class=x href='/a?b=1&amp;c'>go\n on</a>`;
  const { text } = await post("page-fetcher", page);
  expect(JSON.parse(text)).toEqual({
    title: "A & B",
    headings: [{ level: 1, text: "Hi you" }],
    links: [{ href: "/a?b=1&c", text: "go on" }],
  });
});
