import { serve } from "./serve.mjs";

await serve({
  usage: "POST anything; it comes back.",
  work: (body) => ({ hello: process.env.DEPLOYMENT_NAME, bytes: body.length, received: body.toString("utf8") }),
});
