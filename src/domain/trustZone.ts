import * as z from "zod";
import { containerAmong, isContainerId } from "./blobUrl.ts";
import type { Finding } from "./failure.ts";
import { parseResourceId, sameId } from "./resourceId.ts";
import { isWithin } from "./roleAssignment.ts";

const scope = z.string().refine((id) => isGroup(id) || parseResourceId(id), {
  error: "is not the id of a resource group or of a resource",
});

export const containerId = z.string().refine(isContainerId, { error: "is not the id of a container of blobs" });

/** A group is what a resource can lie in. */
function isGroup(id: string): boolean {
  return id.split("/").length === 5 && parseResourceId(`${id}/providers/Microsoft.Compute/galleries/any`) !== undefined;
}

const identityId = z
  .string()
  .refine((id) => parseResourceId(id)?.type.toLowerCase() === "microsoft.managedidentity/userassignedidentities", {
    error: "is not the id of a Microsoft.ManagedIdentity/userAssignedIdentities",
  });

/**
 * What the builds of one zone may use. Builds of a zone can use each other's grants while they overlap, since they act
 * as one builder; those that must not get a zone, and a builder, of their own.
 */
export const TrustZone = z
  .strictObject({
    /** The user-assigned identity that image builder acts as, and its object id. */
    builder: z.strictObject({ identityId, principalId: z.guid() }),
    /** Resource groups or galleries that images may be written to, and builds begin with. */
    destinations: z.array(scope).min(1),
    /**
     * Resource groups, galleries and images of the company's own that builds may begin with, beside the destinations; and
     * containers of blobs whose VHDs may be imported.
     */
    sources: z.array(scope).default([]),
    /** Containers of scripts and files that recipes name by their URLs, and that the builder is leased the right to read. */
    scriptContainers: z.array(containerId).default([]),
    /** Virtual networks or subnets that builds may be attached to. */
    subnets: z.array(scope).min(1),
    /** Identities that scripts may act as on the build VM; never the builder, whose token any of them could take. */
    vmIdentities: z.array(identityId).default([]),
    /** Whether builds have to be in one of those, rather than in a network that image builder makes. */
    networkRequired: z.boolean().default(false),
  })
  .refine(({ builder, vmIdentities }) => vmIdentities.every((id) => !sameId(id, builder.identityId)), {
    error: "has its builder among the identities of the build VM, where any script could act as it",
    path: ["vmIdentities"],
  });

export type TrustZone = z.infer<typeof TrustZone>;

export const zoneName = z.string().regex(/^[a-z][a-z0-9-]{0,29}$/, { error: "takes 1 to 30 of a-z, 0-9 and hyphen" });

/** What of a build lies outside its zone, as findings that block it. */
export function outsideZone(
  name: string,
  zone: TrustZone,
  {
    subnetIds,
    vmIdentities = [],
    destinationIds,
    sourceId,
    vhd,
  }: {
    subnetIds: readonly string[];
    vmIdentities?: readonly string[];
    destinationIds: readonly string[];
    sourceId?: string | undefined;
    /** URL of a blob. */
    vhd?: string | undefined;
  },
): Finding[] {
  const finding = (resource: string, allowed: string[], what: string, setting: string): Finding[] =>
    allowed.some((one) => isWithin(resource, one))
      ? []
      : [
          {
            code: "outside-trust-zone",
            severity: "blocks",
            resource,
            seen: `The recipe's zone ${name} does not hold this ${what}.`,
            why: "Builds of a zone can use each other's access, so a zone says what its builds may reach.",
            mend: `Name another ${what} in the recipe, or add it to ${setting} of the zone in GOLDSMITH_TRUST_ZONES.`,
            owner: "platform",
          },
        ];
  return [
    ...destinationIds.flatMap((id) => finding(id, zone.destinations, "destination", "destinations")),
    // What may be written may be begun with.
    ...(sourceId ? finding(sourceId, [...zone.destinations, ...zone.sources], "source", "sources") : []),
    // A group that holds the account may hold others' disks as well: only the very container will do.
    ...(vhd && !containerAmong(zone.sources, vhd) ? finding(vhd, [], "VHD's container", "sources") : []),
    ...subnetIds.flatMap((id) => finding(id, zone.subnets, "subnet", "subnets")),
    ...vmIdentities.flatMap((id) => finding(id, zone.vmIdentities, "identity of the build VM", "vmIdentities")),
  ];
}
