import { parse, v5 as uuidv5 } from "uuid";
import { MOST_GRANTS } from "./grant.ts";
import { imageName } from "./recipes/fields.ts";

const BUILD_ID = /^(?<image>[a-z0-9-]+)-(?<date>\d{8})-(?<time>\d{6})-(?<nonce>[a-z2-7]{4})$/;
const NONCE = "abcdefghijklmnopqrstuvwxyz234567";

/**
 * The id of a build, also of its durable instance: `aks-jumpbox-20261121-020000-k3fq`. Only what may stand unescaped
 * in a URL, since the Durable library does not escape it.
 *
 * @param random four whole numbers, of which the lowest five bits count.
 */
export function newBuildId(image: string, at: Date, random: readonly number[]): string {
  const stamp = at.toISOString().replace(/[-:]/g, "");
  const nonce = Array.from({ length: 4 }, (_, index) => NONCE[(random[index] ?? 0) & 31]).join("");
  return `${image}-${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${nonce}`;
}

const INSTALLATIONS = "5e1f4c0a-7c55-5b5e-8a51-0d6c2f1b9e37";

/**
 * The id of the build that a schedule asks for: it follows from the occurrence, so that the same one never starts twice,
 * and from the installation, so that two of them never use each other's names.
 *
 * @param retry which time it is that the occurrence is tried again; 0 of the first.
 */
export function scheduledBuildId(image: string, due: Date, installationId: string, retry = 0): string {
  const name = retry === 0 ? installationId : `${installationId}#${retry}`;
  return newBuildId(image, due, [...parse(uuidv5(name, INSTALLATIONS))]);
}

/**
 * The id of the build of an image on a new version of its source: but for the time, at which that is decided once, it
 * follows from image, version and installation.
 */
export function followingBuildId(
  image: string,
  { source, version }: { source: string; version: string },
  at: Date,
  installationId: string,
): string {
  const name = `${installationId}#${source.toLowerCase()}#${version}#${image}`;
  return newBuildId(image, at, [...parse(uuidv5(name, INSTALLATIONS))]);
}

/** @returns the image that a build id belongs to; undefined where the text is no build id. */
export function imageOfBuild(buildId: string): string | undefined {
  const image = BUILD_ID.exec(buildId)?.groups?.image;
  return imageName.safeParse(image).success ? image : undefined;
}

/** @returns the build whose attempt a template or a staging resource group is named after; undefined for other names. */
export function buildOfAttempt(name: string): { buildId: string; image: string } | undefined {
  const buildId = /^(?<buildId>.+)-a\d+(?:-staging)?$/.exec(name)?.groups?.buildId ?? "";
  const image = imageOfBuild(buildId);
  return image ? { buildId, image } : undefined;
}

/** When the build was asked for, or by its schedule due: ISO 8601, as its id tells. */
export function askedAtOf(buildId: string): string | undefined {
  const { date = "", time = "" } = BUILD_ID.exec(buildId)?.groups ?? {};
  const at = `${date}T${time}Z`.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
  return Number.isNaN(Date.parse(at)) ? undefined : at;
}

/** What tells the durable instance that goes on asking for a grant from the build's others. @param number from 1. */
export function grantChildOf(number: number): string {
  return `grant-${number}`;
}

/** What tells the instances that go on planning, and with the look at the ground, from the build's others. */
export const PLAN_CHILD = "plan";
export const GROUND_CHILD = "ground";

/** What tells the instance that imports a VHD from the build's others. */
export const IMPORT_CHILD = "import";

/** What tells the instance that goes on putting scripts where image builder fetches them. */
export const SCRIPTS_CHILD = "scripts";

/** What tells the instance that waits for somebody to approve a build from the build's others. */
export const APPROVAL_CHILD = "approval";

/** The instances that ask for something on a build's behalf: they go on where only the build itself is terminated. */
export function askersOf(buildId: string): string[] {
  const grants = Array.from({ length: MOST_GRANTS }, (_, index) => grantChildOf(index + 1));
  const templates = Array.from({ length: ATTEMPTS }, (_, index) => templateChildOf(index + 1));
  const names = [
    PLAN_CHILD,
    GROUND_CHILD,
    APPROVAL_CHILD,
    "turn",
    SCRIPTS_CHILD,
    IMPORT_CHILD,
    ...grants,
    ...templates,
  ];
  return names.map((name) => `${buildId}-${name}`);
}

/** Template attempts that a build has: as many as fit into the propagation window, see `attemptPause`. */
export const ATTEMPTS = 6;

/** What tells the durable instance that makes an attempt's template from the build's others. */
export function templateChildOf(attempt: number): string {
  return `template-${attempt}`;
}

/** What tells the durable instance that lets an image version become the latest from the build's others. */
export function publishChildOf(number: number): string {
  return `publish-${number}`;
}

/** What tells the durable instance that waits for an attempt's run from the build's others. */
export function waitOf(attempt: number): string {
  return `wait-${attempt}`;
}

/** Seconds for which a deletion that is stuck is gone on with: then it is a leftover, or there is no other attempt. */
export const REMOVAL_SECONDS = { atEnd: 48 * 3600, beforeAnother: 3600 };

/** What tells the durable instance that removes an attempt's template within so many seconds from the build's others. */
export function removalOf(attempt: number, seconds: number): string {
  return `remove-${attempt}-${seconds}`;
}

/** What was done to a template, as far as a build waits for it. */
export type TemplateAct = "written" | "run" | "deleted";

/**
 * @returns the instances that may wait for that of a template, of which one does at a time; none where it is not named after
 * an attempt. Whoever waits for the run learns from a late event of the template that events come.
 */
export function waitersFor(templateName: string, act: TemplateAct): string[] {
  const { buildId = "", number = "" } = /^(?<buildId>.+)-a(?<number>[1-9])$/.exec(templateName)?.groups ?? {};
  if (imageOfBuild(buildId) === undefined) return [];
  const attempt = Number(number);
  const names = {
    written: [templateChildOf(attempt), waitOf(attempt)],
    run: [waitOf(attempt)],
    deleted: Object.values(REMOVAL_SECONDS).map((seconds) => removalOf(attempt, seconds)),
  };
  return names[act].map((name) => `${buildId}-${name}`);
}
