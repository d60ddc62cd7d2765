import { serve } from "./serve.mjs";

const READABLE_RUN = /[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\t]{4,}/gu;

await serve({
  usage: "POST any file; the readable text in it comes back, a line for each stretch of it.",
  work: (body) => {
    // What is not UTF-8 becomes the replacement character, which ends a stretch.
    const text = body.toString("utf8").replaceAll("\uFFFD", "\n");
    const lines = (text.match(READABLE_RUN) ?? []).map((line) => line.trim()).filter((line) => line.length >= 4);
    return { bytes: body.length, lines };
  },
});
