import { serve } from "./serve.mjs";

let asked = 0;

await serve({
  usage: "POST anything; it says how often it was asked to end, and did not.",
  work: () => ({ askedToEnd: asked }),
  onTerminate: () => {
    asked += 1;
    console.log(`Asked to end (${asked}); going on.`);
  },
});
