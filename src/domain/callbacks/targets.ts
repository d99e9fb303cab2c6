import * as z from "zod";
import type { Notify } from "./notify.ts";

const LOOPBACK_HOSTS = ["127.0.0.1", "[::1]", "localhost"];

/** Where callbacks may go to: an entry of the setting `GOLDSMITH_CALLBACK_TARGETS`. */
export const CallbackTarget = z
  .strictObject({
    /** Scheme, name and port: `https://tickets.example.com`. */
    origin: z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text.toLowerCase(), {
      error: "takes an origin, as https://tickets.example.com",
    }),
    /** What the URLs' paths begin with: whole segments. */
    path: z
      .string()
      .regex(/^\/[^\s?#;%\\]*$/, { error: "takes a path without query" })
      .default("/"),
    /** Of the keys that sign for it; a receiver needs to know one of them. */
    secretNames: z
      .array(z.string().regex(/^[A-Z][A-Z0-9_]{0,39}$/, { error: "takes capitals, digits and _" }))
      .min(1)
      .max(4),
    /** A receiver on the developer's own machine; refused in Azure. */
    development: z.boolean().default(false),
  })
  .refine(({ origin, development }) => development === isLoopback(origin) && (development || isHttps(origin)), {
    error: "takes an https origin; one of this machine (127.0.0.1, localhost) only with development: true",
  });

export type CallbackTarget = z.infer<typeof CallbackTarget>;

function isHttps(origin: string): boolean {
  return URL.canParse(origin) && new URL(origin).protocol === "https:";
}

function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && LOOPBACK_HOSTS.includes(new URL(origin).hostname);
}

/** @returns the target that a URL belongs to; undefined where callbacks may not go there. */
export function targetOf(url: string, targets: readonly CallbackTarget[]): CallbackTarget | undefined {
  const { origin, pathname } = new URL(url);
  return targets.find((target) => {
    const folder = target.path.endsWith("/") ? target.path : `${target.path}/`;
    return target.origin.toLowerCase() === origin && (pathname === target.path || pathname.startsWith(folder));
  });
}

/** Those URLs of a request that callbacks may not go to, as they were written. */
export function notAllowed(notify: Notify, targets: readonly CallbackTarget[]): string[] {
  return notify.map(({ url }) => url).filter((url) => !targetOf(url, targets));
}
