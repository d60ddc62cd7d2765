/** Line breaks, other control characters, halves of characters, and marks that turn the direction of what follows. */
const UNFIT = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * Text from outside as one line of at most `maxLength` characters: it can neither add a header or a line to a mail nor
 * reorder the words around it.
 */
export function oneLine(text: string, maxLength: number): string {
  const characters = [...text.replace(UNFIT, " ").replace(/\s+/g, " ").trim()];
  return characters.length <= maxLength ? characters.join("") : `${characters.slice(0, maxLength - 1).join("")}…`;
}
