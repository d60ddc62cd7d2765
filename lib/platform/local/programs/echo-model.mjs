import { BadInput, parseJson, serve } from "./serve.mjs";

await serve({
  usage: 'POST {"prompt": "…", "max_tokens": 16}; the prompt\'s own tokens come back as the completion.',
  work: (body) => {
    const { prompt, max_tokens: maxTokens = 256 } = parseJson(body) ?? {};
    if (typeof prompt !== "string") throw new BadInput('A "prompt" is expected, as text.');
    if (!Number.isInteger(maxTokens) || maxTokens < 1)
      throw new BadInput('"max_tokens" must be a whole number from 1.');
    const promptTokens = prompt.match(/\s*[\p{L}\p{N}]+|\s*[^\s\p{L}\p{N}]/gu) ?? [];
    const tokens = promptTokens.slice(0, maxTokens);
    return {
      model: "echo-model",
      completion: tokens.join(""),
      tokens,
      finish_reason: tokens.length < promptTokens.length ? "length" : "stop",
      usage: { prompt_tokens: promptTokens.length, completion_tokens: tokens.length },
    };
  },
});
