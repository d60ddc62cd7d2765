import type { Program } from "@/lib/platform/platform";

const language = `Node.js ${process.versions.node.split(".")[0]}`;

/** What can be deployed on this machine: real HTTP servers, small enough to run dozens of. */
export const LOCAL_PROGRAMS: readonly Program[] = [
  {
    id: "hello-http",
    kind: "script",
    title: "Hello HTTP",
    summary: "Answers each request with what it received.",
    language,
  },
  {
    id: "json-to-csv",
    kind: "script",
    title: "JSON to CSV",
    summary: "Turns a posted JSON array of objects into a CSV file.",
    language,
  },
  {
    id: "stubborn",
    kind: "script",
    title: "Stubborn (for trying the grace period)",
    summary: "Ignores the polite signal to end, so that it is ended by force after its grace period.",
    language,
  },
  {
    id: "crasher",
    kind: "script",
    title: "Crasher (for trying failures)",
    summary: "Crashes a moment after each start.",
    language,
  },
  {
    id: "echo-model",
    kind: "model",
    title: "Echo model",
    summary: "Takes a prompt and completes it with its own tokens. Not a language model: no weights, no GPU.",
    language,
  },
  {
    id: "pii-scanner",
    kind: "guardrail",
    title: "Personal data scanner",
    summary: "Finds e-mail addresses and payment card numbers in a text and returns it with them blacked out.",
    language,
  },
  {
    id: "text-scanner",
    kind: "ocr",
    title: "Text scanner",
    summary: "Extracts the readable text from any posted file. It does not look at pixels.",
    language,
  },
  {
    id: "page-fetcher",
    kind: "browser",
    title: "Page reader",
    summary: "Reads the title, the headings and the links out of a posted web page.",
    language,
  },
];
