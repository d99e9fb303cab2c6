import { buildOfAttempt, imageOfBuild } from "../domain/buildId.ts";
import { isSweepId } from "../domain/sweepId.ts";
import type { Execution } from "../durable/around.ts";

/** What a step is carried out for. */
export interface Subject {
  buildId?: string;
  /** Of the instance that acts on the build's behalf, what stands behind the build's id. */
  instance?: string;
  /** Of a sweep. */
  instanceId?: string;
}

const INSTANCE = /^(?<buildId>[a-z0-9-]+-\d{8}-\d{6}-[a-z2-7]{4})(?:-(?<instance>.+))?$/;

/** Finds out by what a step was given, or by the name of the instance that asked for it. */
export function subjectOf({ input, instanceId }: Pick<Execution, "input" | "instanceId">): Subject {
  const { buildId: owner, instance } = INSTANCE.exec(instanceId)?.groups ?? {};
  const buildId = buildIn(input) ?? knownBuild(owner);
  if (buildId !== undefined) return { buildId, ...(instance !== undefined && owner === buildId ? { instance } : {}) };
  const sweep = isSweepId(instanceId) ? instanceId : sweepIn(input);
  return sweep === undefined ? {} : { instanceId: sweep };
}

/** Of an entity's operation nobody tells which instance has asked for it, unless its input does. */
function sweepIn(input: unknown): string | undefined {
  const { sweepId } = (input ?? {}) as { sweepId?: unknown };
  return typeof sweepId === "string" && isSweepId(sweepId) ? sweepId : undefined;
}

/** Members of a step's input that tell a build, alone or in a list of one, or what is named after it. */
function buildIn(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null) return undefined;
  const { buildId, buildIds, dead, attempt, request, templateName, stagingResourceGroup } = input as Record<
    string,
    unknown
  >;
  return (
    knownBuild(buildId) ??
    onlyOne(buildIds) ??
    onlyOne(dead) ??
    buildIn(attempt) ??
    buildIn(request) ??
    attemptOf(templateName) ??
    attemptOf(stagingResourceGroup)
  );
}

function onlyOne(list: unknown): string | undefined {
  return Array.isArray(list) && list.length === 1 ? knownBuild(list[0]) : undefined;
}

function attemptOf(name: unknown): string | undefined {
  return typeof name === "string" ? buildOfAttempt(name)?.buildId : undefined;
}

function knownBuild(id: unknown): string | undefined {
  return typeof id === "string" && imageOfBuild(id) !== undefined ? id : undefined;
}
