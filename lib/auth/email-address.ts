import { z } from "zod";

/** As people are stored: one spelling per person. What cannot be an address is refused before it reaches database or mail. */
export const emailAddress = z
  .string()
  .max(254)
  .transform((text) => text.normalize("NFKC").trim().toLowerCase())
  .refine((text) => text.length <= 254 && /^[^\s@"\p{C}]+@[^\s@",\p{C}]+$/u.test(text), "must be an e-mail address");
