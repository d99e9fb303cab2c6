import { containerAmong } from "./blobUrl.ts";
import type { ImageTemplateBody } from "./imageTemplate.ts";
import { differentIds } from "./resourceId.ts";

/** Something that image builder fetches as the template is made. */
export interface Fetched {
  /** `customize updates`, or what else of the recipe it is for. */
  of: string;
  uri: string;
  sha256Checksum?: string;
  /** Of a file: a script has none. */
  destination?: string;
}

export function fetchedBy({
  customize = [],
  validate,
  optimize,
}: Pick<ImageTemplateBody, "customize" | "validate" | "optimize">): Fetched[] {
  const steps = [
    ...customize.map((step, at) => ({ ...step, of: `customize ${step.name ?? at}` })),
    ...(validate?.inVMValidations ?? []).map((step, at) => ({ ...step, of: `validate ${step.name ?? at}` })),
    { ...optimize?.workload, of: "optimize workload" },
  ];
  return steps.flatMap((step): Fetched[] => {
    const sourceUri = "sourceUri" in step ? step.sourceUri : undefined;
    const uri = sourceUri ?? ("scriptUri" in step ? step.scriptUri : undefined);
    return uri ? [{ ...step, uri }] : [];
  });
}

/** The containers, each once, that any of it lies in of those whose reading may be leased. */
export function readContainers(fetched: readonly Fetched[], containers: readonly string[]): string[] {
  const found = fetched.flatMap(({ uri }) => containerAmong(containers, uri) ?? []);
  return differentIds(found);
}
