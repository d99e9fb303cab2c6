import * as z from "zod";
import { component } from "./component.ts";
import type { NamedImage } from "./importedImage.ts";
import type { LedgerEntry } from "./lease.ts";
import type { Attempt } from "./plan.ts";
import type { RoleAssignment } from "./roleAssignment.ts";

/** A build is asked for a moment before its instance begins: for so long nobody calls it dead, whatever the grace. */
export const FRESH_MINUTES = 5;

/** Whatever Azure asks, a sweep waits no longer: the next one comes anyway, and leaves alone what asks for more. */
export const LONGEST_REST_SECONDS = 300;

/** Something whose name is that of a build's attempt; without an attempt of the ledger it is not ours. */
export interface Named {
  id: string;
  buildId: string;
  attempt?: Attempt;
}

/** The same of a managed image; without one of the ledger it is not ours. */
export interface SeenImage {
  id: string;
  buildId: string;
  image?: NamedImage;
}

/** A place that could not be looked at, and what Azure said: nothing is concluded from what was not seen there. */
export const Unseen = component(
  "Unseen",
  z.strictObject({
    what: z.enum(["assignments", "templates", "images", "staging groups", "instance", "raw logs", "sweep"]),
    id: z.string().describe("The scope, resource group, subscription, build or earlier sweep."),
    error: z.string(),
    code: z.string().exactOptional().describe("Of that, the codes alone: for the log, which has no words of Azure's."),
    until: z.iso
      .datetime()
      .exactOptional()
      .describe("Azure asks not to be asked before, on this host's clock; absent where it does not."),
  }),
);
export type Unseen = z.infer<typeof Unseen>;

/** What a sweep has seen in Azure, in the ledger and in the engine. Times are ISO 8601, on Azure's clock. */
export interface Observation {
  now: string;
  leases: LedgerEntry[];
  /** All of the builders, at, above and below the scopes of the catalogue and of the ledger. */
  assignments: RoleAssignment[];
  templates: Named[];
  stagingGroups: Named[];
  /** Managed images named like those that builds import VHDs to, but for what a build has kept. */
  images: SeenImage[];
  /** Builds in the queue. */
  queued: string[];
  /** Builds that were asked for some minutes ago and have no receipt yet. */
  open: string[];
  /** Of all builds named above, those that are under way, and those of which nobody could tell. */
  live: string[];
  /** Instances that ask for something on behalf of the others. */
  asking: { buildId: string; instanceId: string }[];
  unseen: Unseen[];
}
