import { images } from "../compute/computeTypes.ts";
import { smallVhd } from "../compute/sourceBlobs.ts";
import { armEvent } from "../events/armEvent.ts";
import { accessOf } from "../authorization/access.ts";
import { blobErrors } from "../storage/blobErrors.ts";
import { blobEndpoint, containersOf, findAccount, namesInBlobUri } from "../storage/storageAccounts.ts";
import { lookUp } from "../store/lookUp.ts";
import { findResource } from "../store/resources.ts";
import { announcement, CallFailed, calling, put, requireBuilderRight } from "./builderCalls.ts";
import { distributeToGallery, imageOf } from "./galleryDistribution.ts";
import { runScenario } from "./goesWrong.ts";
import type { Distributor } from "./templateSchema.ts";
import { type Build, templatePrincipal } from "./templateState.ts";

/**
 * Hands the image out, as the template's identity: here, at the end of half an hour, is where a missing right to write
 * shows.
 *
 * @param milliseconds until the image is replicated to the first region.
 * @returns what to say of the targets that failed, "" if none did; and how long the others take.
 */
export function distributeAll(
  build: Build,
  milliseconds: number,
): { failed: number; message: string; milliseconds: number } {
  const { azure, template } = build;
  const targets = template.body.properties.distribute;
  const types = targets.map(({ type }) => type);
  const struck = runScenario(azure, template, "Distributing", types);
  const outcomes = targets.map((target) =>
    struck && (struck.target ?? target.type) === target.type
      ? struck.message
      : attempt(() => distribute(build, target, milliseconds)),
  );
  const problems = outcomes.map((outcome) => (typeof outcome === "string" ? outcome : undefined));
  const longest = Math.max(milliseconds, ...outcomes.map((outcome) => (typeof outcome === "number" ? outcome : 0)));
  const failed = problems.filter(Boolean).length;
  const errors = problems.flatMap((problem, at) => (problem ? [`[Distribute ${at}] ${problem}`] : []));
  const list = errors.map((error, at) => `[Error ${at}] ${error}`).join(" ");
  const message = failed > 0 ? `Failed in distributing ${failed} images out of total ${targets.length}: {${list}}` : "";
  return { failed, message, milliseconds: longest };
}

/** @returns how long it takes, or why it failed. */
function attempt(act: () => number): number | string {
  try {
    return act();
  } catch (error) {
    if (error instanceof CallFailed) return error.message;
    throw error;
  }
}

/** @returns how long it takes. @throws CallFailed */
function distribute(build: Build, target: Distributor, milliseconds: number): number {
  const { run } = build;
  const { runOutputName: name } = target;
  switch (target.type) {
    case "SharedImage":
      return distributeToGallery(build, target, milliseconds);
    case "ManagedImage":
      run.outputs.push({ name, artifact: { artifactId: writeImage(build, target) } });
      return milliseconds;
    default:
      run.outputs.push({
        name,
        artifact: { artifactUri: target.uri ? writeDiskTo(build, target.uri) : writeDisk(build) },
      });
      return milliseconds;
  }
}

/** The same in a container of the customer's, as the template's identity; it replaces what is there. @returns its URI. */
function writeDiskTo(build: Build, uri: string): string {
  const { azure, template } = build;
  const [account = "", container = "", ...name] = namesInBlobUri(azure, uri);
  calling(
    "PageBlobClient#Create",
    () => {
      const found = findAccount(azure, account);
      if (!found) throw blobErrors.ResourceNotFound();
      const scope = `${found.id}/blobServices/default/containers/${container}`;
      const principalId = templatePrincipal(azure, template) ?? "";
      const access = accessOf(azure, { principalId, action: WRITE_BLOBS, scope, data: true });
      if (access.kind !== "allowed") throw blobErrors.AuthorizationPermissionMismatch();
      const there = lookUp(containersOf(found), container);
      if (!there) throw blobErrors.ContainerNotFound();
      there.blobs[name.join("/")] = smallVhd(azure);
    },
    "storage",
  );
  return uri;
}

const WRITE_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write";

/** A disk in the staging account. @returns its URI. */
function writeDisk({ azure, template, run }: Build): string {
  const account = template.hidden.staging?.account ?? "";
  const found = findAccount(azure, account);
  const container = found && (containersOf(found).vhds ??= { createdAt: azure.now, blobs: {} });
  const name = `${run.logFolder}.vhd`;
  if (container) container.blobs[name] = smallVhd(azure);
  return `${blobEndpoint(azure, account)}vhds/${name}`;
}

/** @returns its id. */
function writeImage(build: Build, target: Distributor & { type: "ManagedImage" }): string {
  const { azure, template } = build;
  const { imageId: id, location, artifactTags } = target;
  const may = (verb: string) => requireBuilderRight(azure, template, `${images.type}/${verb}`, id);
  // What the run before left under that id has to go first.
  if (findResource(azure, id)) calling("ImagesClient#Delete", () => may("delete"));
  calling("ImagesClient#CreateOrUpdate", () => {
    may("write");
    put(azure, images, id, { location, tags: artifactTags ?? {}, properties: imageOf(azure, template) });
  });
  azure.events.publish(armEvent(azure, announcement(build, images.type, id), "Succeeded"));
  return id;
}
