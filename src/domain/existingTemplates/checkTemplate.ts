import { isJsonObject, type Json, type JsonObject, type JsonPath } from "../json.ts";
import { parseResourceId } from "../resourceId.ts";
import { sharedGalleryFault } from "../sharedGallery.ts";
import type { Findings } from "./fit.ts";
import type { ModernTemplate } from "./modernise.ts";

/** What image builder asks of several fields together, and of ids. Source: its template reference. */
export function checkTemplate({ properties }: ModernTemplate, { faults }: Findings): void {
  const fault = (path: JsonPath, message: string) => void faults.push({ path: ["properties", ...path], message });
  const { source, vmProfile, validate, buildTimeoutInMinutes: minutes } = properties;

  if (typeof minutes === "number" && minutes > 0 && minutes < 6) {
    fault(["buildTimeoutInMinutes"], "is below 6, with which the build fails; 0 stands for 240");
  }
  if (isJsonObject(source)) checkSource(source, fault);
  for (const [index, step] of objects(properties["customize"])) checkStep(step, ["customize", index], fault);
  const validations = isJsonObject(validate) ? validate["inVMValidations"] : undefined;
  for (const [index, step] of objects(validations)) checkStep(step, ["validate", "inVMValidations", index], fault);
  checkDistribution(objects(properties["distribute"]), fault);
  if (isJsonObject(vmProfile)) checkMachine(vmProfile, fault);
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Fault = (path: JsonPath, message: string) => void;

function checkSource(source: JsonObject, fault: Fault): void {
  const { type, imageId, imageVersionId } = source;
  if (type === "PlatformImage") {
    for (const name of ["publisher", "offer", "sku"])
      if (source[name] === undefined) fault(["source", name], "is missing");
  }
  if (type === "ManagedImage") checkId(imageId, "Microsoft.Compute/images", ["source", "imageId"], fault);
  if (type === "SharedImageVersion") {
    checkId(imageVersionId, "Microsoft.Compute/galleries/images/versions", ["source", "imageVersionId"], fault);
  }
}

function checkStep(step: JsonObject, path: JsonPath, fault: Fault): void {
  const { type, scriptUri, inline, sourceUri, destination, runAsSystem, runElevated } = step;
  if (type === "Shell" || type === "PowerShell") {
    if (scriptUri === undefined && inline === undefined)
      fault(path, "has no script: image builder takes a scriptUri or inline commands");
    if (runAsSystem === true && runElevated !== true) fault([...path, "runAsSystem"], "needs runElevated");
  }
  if (type === "File") {
    if (sourceUri === undefined) fault([...path, "sourceUri"], "is missing");
    if (destination === undefined) fault([...path, "destination"], "is missing");
  }
  for (const [name, value] of [
    ["scriptUri", scriptUri],
    ["sourceUri", sourceUri],
  ] as const) {
    if (typeof value === "string" && !URL.canParse(value)) fault([...path, name], "is not a URI");
  }
}

function checkDistribution(distributors: [number, JsonObject][], fault: Fault): void {
  if (distributors.length === 0) fault(["distribute"], "is empty: image builder takes at least one target");
  const seen = new Set<Json>();
  for (const [index, { type, runOutputName, galleryImageId, imageId }] of distributors) {
    const path = ["distribute", index];
    if (runOutputName !== undefined && seen.has(runOutputName))
      fault([...path, "runOutputName"], "stands twice, and has to be unique");
    seen.add(runOutputName ?? null);
    if (type === "ManagedImage") checkId(imageId, "Microsoft.Compute/images", [...path, "imageId"], fault);
    if (type === "SharedImage") {
      const isVersion = typeof galleryImageId === "string" && /\/versions\/[^/]*$/i.test(galleryImageId);
      const expected = `Microsoft.Compute/galleries/images${isVersion ? "/versions" : ""}`;
      checkId(galleryImageId, expected, [...path, "galleryImageId"], fault);
    }
  }
}

function checkMachine({ vnetConfig, userAssignedIdentities }: JsonObject, fault: Fault): void {
  for (const [index, id] of (Array.isArray(userAssignedIdentities) ? userAssignedIdentities : []).entries()) {
    checkId(
      id,
      "Microsoft.ManagedIdentity/userAssignedIdentities",
      ["vmProfile", "userAssignedIdentities", index],
      fault,
    );
  }
  if (!isJsonObject(vnetConfig)) return;
  const path = ["vmProfile", "vnetConfig"];
  const { subnetId, containerInstanceSubnetId, proxyVmSize } = vnetConfig;
  for (const [name, id] of [
    ["subnetId", subnetId],
    ["containerInstanceSubnetId", containerInstanceSubnetId],
  ] as const) {
    if (id !== undefined) checkId(id, "Microsoft.Network/virtualNetworks/subnets", [...path, name], fault);
  }
  if (containerInstanceSubnetId !== undefined) {
    if (subnetId === undefined) fault([...path, "containerInstanceSubnetId"], "needs a subnetId");
    if (proxyVmSize !== undefined)
      fault([...path, "proxyVmSize"], "goes without containerInstanceSubnetId: there is no proxy VM then");
  } else if (proxyVmSize !== undefined && subnetId === undefined) {
    fault([...path, "proxyVmSize"], "needs a subnetId: there is no proxy VM without one");
  }
}

/** An id whose subscription nobody told begins at `/resourceGroups/`. */
function checkId(id: Json | undefined, type: string, path: JsonPath, fault: Fault): void {
  if (typeof id !== "string") return fault(path, "is missing");
  const shared = sharedGalleryFault(id);
  if (shared) return fault(path, shared);
  const whole = id.replace(/^\/resourceGroups\//i, `/subscriptions/${"0".repeat(36)}/resourceGroups/`);
  const found = parseResourceId(whole)?.type.toLowerCase();
  const expected = type.toLowerCase();
  if (found === expected) return;
  const subscription = /^\/subscriptions\/([^/]*)/i.exec(id)?.[1];
  const hint =
    subscription !== undefined && !GUID.test(subscription)
      ? `: ${subscription.slice(0, 60)} is no subscription's id, which has the form of a GUID`
      : found !== undefined && expected === `${found}/versions`
        ? ", but of its definition: /versions/latest behind it would be the newest"
        : `: ${id.slice(0, 200)}`;
  fault(path, `is not the id of a ${type}${hint}`);
}

function objects(value: Json | undefined): [number, JsonObject][] {
  return (Array.isArray(value) ? value : []).flatMap((item, index) => (isJsonObject(item) ? [[index, item]] : []));
}
