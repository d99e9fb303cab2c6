import { tagOfHost } from "../network/hostNames.ts";
import type { Plan } from "../plan.ts";
import type { BuildSubnet } from "./ground.ts";

/** A host name and a port that is reached from a subnet, and who asks for it. */
export interface Wanted {
  name: string;
  port: number;
  by: "image builder" | "the recipe" | "the step secrets";
}

const ofImageBuilder = (name: string, port: number): Wanted => ({ name, port, by: "image builder" });

/** What image builder itself reaches from each subnet; its storage account's name is not known ahead. */
const OWN: readonly Wanted[] = ["*.blob.core.windows.net", "management.azure.com"].map((name) =>
  ofImageBuilder(name, 443),
);
/** What packer's container reaches: the same, and its file share. */
const OF_CONTAINER: readonly Wanted[] = [...OWN, ofImageBuilder("*.file.core.windows.net", 445)];

/** What is reached from one of the build's subnets. */
export interface Reached {
  /** Every name, as far as they are known. */
  names: readonly Wanted[];
  /**
   * What is beyond names that have a service tag: `unlisted` where only customizers may reach it, and the recipe lists
   * nothing. The build VM of an isolated build is reached by packer's container, and itself reaches nothing of Azure's.
   */
  rest: "needed" | "unlisted" | "nothing";
}

/** Whether a name may lead to a private endpoint, as a vault's often does: by which way, nobody here knows then. */
export function mayBePrivate({ by }: Wanted): boolean {
  return by === "the step secrets";
}

export function reachedFrom({ takes }: Pick<BuildSubnet, "takes">, { topology, egress, vaults = [] }: Plan): Reached {
  if (takes === "containers") return { names: OF_CONTAINER, rest: "needed" };
  const isIsolated = topology.kind === "isolated";
  const listed = egress.flatMap(({ name, ports }) => ports.map((port) => ({ name, port, by: "the recipe" as const })));
  // The recipe may list a vault as well, and then knows its way.
  const own = vaults
    .filter((vault) => !listed.some(({ name, port }) => name === vault && port === 443))
    .map((name) => ({ name, port: 443, by: "the step secrets" as const }));
  const names = [...(isIsolated ? [] : OWN), ...listed, ...own];
  // Without a list of names, nobody knows what the customizers reach.
  if (egress.length === 0) return { names, rest: isIsolated ? "unlisted" : "needed" };
  return { names, rest: names.every(({ name }) => tagOfHost(name)) ? "nothing" : "needed" };
}
