import { serve } from "./serve.mjs";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

await serve({
  usage: "POST a page's HTML; its title, headings and links come back.",
  work: (body) => {
    const html = body.toString("utf8").replace(/<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>/gi, "");
    const [, title = ""] = /<title[^>]*>([^<]*)/i.exec(html) ?? [];
    const headings = [...html.matchAll(/<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1\s*>/gi)];
    const links = [...html.matchAll(/<a\b([^>]*)>([\s\S]*?)<\/a\s*>/gi)];
    return {
      title: toText(title),
      headings: headings.map(([, level, inner]) => ({ level: Number(level), text: toText(inner) })),
      links: links.flatMap(([, attributes, inner]) => {
        const [, double, single, bare] = /\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i.exec(attributes) ?? [];
        const href = double ?? single ?? bare;
        return href === undefined ? [] : [{ href: decode(href), text: toText(inner) }];
      }),
    };
  },
});

function toText(html) {
  return decode(html.replace(/<[^>]*>/g, ""))
    .replace(/\s+/g, " ")
    .trim();
}

function decode(text) {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (name) return ENTITIES[name.toLowerCase()] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
