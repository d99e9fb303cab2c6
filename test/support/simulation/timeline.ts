import type { Simulated } from "./simulation.ts";

/** All that happened in a simulation, a line each, in the simulation's own time: equal for equal seeds. */
export function timelineOf({ seed, buildId, troubles, receipt, status, world, milliseconds }: Simulated): string {
  const start = Date.parse("2030-01-01T00:00:00Z");
  const events = [
    ...world.cloud.requests().requests.map(({ time, method, path, status: answered, fault }) => ({
      time,
      text: `  azure  ${method} ${path.split("?")[0]} ${answered === 0 ? "cut" : answered}${fault ? ` (${fault})` : ""}`,
    })),
    ...(receipt?.timeline ?? []).map(({ at, event, detail }) => ({
      time: at,
      text: `build    ${event}${detail ? `: ${detail}` : ""}`,
    })),
  ];
  const lines = events
    .toSorted((one, other) => (one.time < other.time ? -1 : Number(one.time > other.time)))
    .map(({ time, text }) => `${clockTime(Date.parse(time) - start)}  ${text}`);
  return [
    `seed ${seed}, build ${buildId}`,
    ...troubles.told.map((trouble) => `trouble: ${trouble}`),
    ...lines,
    `${clockTime(milliseconds)}  ${status}: ${receipt?.outcome.kind}, ${receipt?.cleanUp.kind}, log ${receipt?.log.kind}`,
  ].join("\n");
}

function clockTime(milliseconds: number): string {
  const seconds = (milliseconds / 1000) % 60;
  return `${String(Math.floor(milliseconds / 60_000)).padStart(3, "0")}:${seconds.toFixed(3).padStart(6, "0")}`;
}
