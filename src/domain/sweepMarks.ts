import * as z from "zod";

/** What a sweep remembers for the next one. What cannot be read remembers nothing, and the grace begins anew. */
export const Marks = z
  .object({
    /** When something was first seen to be nobody's, by what it is: ISO 8601, on Azure's clock. */
    since: z.record(z.string(), z.iso.datetime()),
    /** By what is done, in how many sweeps it has been due, and how it went last. */
    tries: z.record(
      z.string(),
      z.object({ sweeps: z.number(), last: z.string().optional(), code: z.string().optional() }),
    ),
  })
  .catch({ since: {}, tries: {} });
export type Marks = z.infer<typeof Marks>;

/** Marks that are being made anew: what is not marked again is forgotten. @param now ISO 8601. */
export function marking(now: string, before: Marks["since"], graceMinutes: number) {
  const since: Marks["since"] = {};
  const ageOf = (key: string): number => Date.parse(now) - Date.parse(since[key] ?? now);
  return {
    since,
    /** Marks what is nobody's. @returns whether it has been so for long enough. */
    isRipe(key: string): boolean {
      since[key] = before[key] ?? now;
      return ageOf(key) >= graceMinutes * 60_000;
    },
    /** Keeps a mark as it was, since nobody could see whether it still holds. */
    keep(key: string): void {
      const at = before[key];
      if (at) since[key] = at;
    },
    /** The same for all marks of resources, which are by their ids. */
    keepIds(): void {
      for (const [key, at] of Object.entries(before)) if (key.startsWith("/")) since[key] = at;
    },
    /** For how long it has been marked. */
    hoursOf: (key: string): number => ageOf(key) / 3_600_000,
  };
}
