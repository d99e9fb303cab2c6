import type { Receipt } from "../../../src/domain/receipt.ts";
import type { Fleet } from "./fleet.ts";
import { type Simulated, START } from "./simulation.ts";

/**
 * What happened in a simulation, a line each, in the simulation's own time, and at last a digest of all of it, down to
 * the bodies of requests and answers and what the host has recorded: equal for equal seeds.
 */
export function timelineOf({ seed, buildId, troubles, receipt, status, world, milliseconds }: Simulated): string {
  return [
    `seed ${seed}, build ${buildId}`,
    ...troubles.told.map((trouble) => `trouble: ${trouble}`),
    ...inOrder([...requestsOf(world), ...eventsOf(receipt, "build")]),
    `${clockTime(milliseconds)}  ${status}: ${endOf(receipt)}`,
    `trace: ${world.trace.digest()}`,
  ].join("\n");
}

/** The same of a fleet. */
export function fleetTimelineOf({ seed, troubles, builds, world, longest, milliseconds }: Fleet): string {
  const operators = builds.flatMap(({ id, ended }) => (ended ? [{ time: ended.at, text: `${id}  ${ended.how}` }] : []));
  return [
    `seed ${seed}, a fleet of ${builds.length}`,
    ...troubles.told.map((trouble) => `trouble: ${trouble}`),
    ...inOrder([...requestsOf(world), ...builds.flatMap(({ id, receipt }) => eventsOf(receipt, id)), ...operators]),
    ...builds.map(({ id, receipt }) => `${clockTime(milliseconds)}  ${id}: ${endOf(receipt)}`),
    `longest history: ${longest.events} events, ${longest.bytes} bytes`,
    ...(world.trace ? [`trace: ${world.trace.digest()}`] : []),
  ].join("\n");
}

/** Something that happened at a time, ISO 8601. */
interface Event {
  time: string;
  text: string;
}

function requestsOf(world: Fleet["world"]): Event[] {
  return world.cloud.requests().requests.map(({ time, method, path, status: answered, fault }) => ({
    time,
    text: `  azure  ${method} ${path.split("?")[0]} ${answered === 0 ? "cut" : answered}${fault ? ` (${fault})` : ""}`,
  }));
}

function eventsOf(receipt: Receipt | undefined, who: string): Event[] {
  return (receipt?.timeline ?? []).map(({ at, event, detail }) => ({
    time: at,
    text: `${who}    ${event}${detail ? `: ${detail}` : ""}`,
  }));
}

function inOrder(events: Event[]): string[] {
  return events
    .toSorted((one, other) => (one.time < other.time ? -1 : Number(one.time > other.time)))
    .map(({ time, text }) => `${clockTime(Date.parse(time) - START)}  ${text}`);
}

function endOf(receipt: Receipt | undefined): string {
  return `${receipt?.outcome.kind}, ${receipt?.cleanUp.kind}, log ${receipt?.log.kind}`;
}

function clockTime(milliseconds: number): string {
  const seconds = (milliseconds / 1000) % 60;
  return `${String(Math.floor(milliseconds / 60_000)).padStart(3, "0")}:${seconds.toFixed(3).padStart(6, "0")}`;
}
