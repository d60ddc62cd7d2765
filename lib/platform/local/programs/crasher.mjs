import { serve } from "./serve.mjs";

const LIVES_FOR_MS = 300;

await serve({
  usage: "POST anything, quickly.",
  work: () => ({ livesForMs: LIVES_FOR_MS }),
});

setTimeout(() => {
  throw new Error("This program crashes on purpose.");
}, LIVES_FOR_MS);
