import type { Match } from "./match.ts";

/** The ports that a rule is about. */
export interface Ports {
  isEvery: boolean;
  hold(port: number): Match;
}

/** @param texts `*`, `443`, `1024-65535`; what is none of these leaves it open. */
export function portsOf(texts: readonly string[]): Ports {
  const ranges = texts.map(parsePorts);
  const isEvery = ranges.some((range) => range !== undefined && range[0] <= 0 && range[1] >= 65_535);
  const isBroken = ranges.includes(undefined);
  return {
    isEvery,
    hold(port) {
      if (isEvery) return "all";
      if (ranges.some((range) => range !== undefined && range[0] <= port && port <= range[1])) return "all";
      return isBroken ? "unknown" : "none";
    },
  };
}

function parsePorts(text: string): [number, number] | undefined {
  if (text === "*") return [0, 65_535];
  const parts = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (!parts) return undefined;
  return [Number(parts[1]), Number(parts[2] ?? parts[1])];
}
