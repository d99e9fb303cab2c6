import type { Plan } from "../plan.ts";
import type { BuildSubnet } from "./ground.ts";

/** A host name and a port that is reached from a subnet, and who asks for it. */
export interface Wanted {
  name: string;
  port: number;
  by: "image builder" | "the recipe";
}

const ofImageBuilder = (name: string, port: number): Wanted => ({ name, port, by: "image builder" });

/** What image builder itself reaches from each subnet; its storage account's name is not known ahead. */
const OWN: readonly Wanted[] = ["*.blob.core.windows.net", "management.azure.com"].map((name) =>
  ofImageBuilder(name, 443),
);
/** What packer's container reaches: the same, and its file share. */
const OF_CONTAINER: readonly Wanted[] = [...OWN, ofImageBuilder("*.file.core.windows.net", 445)];

/** Every name that has to be let out of one of the build's subnets, as far as it is known. */
export function namesFrom({ takes }: Pick<BuildSubnet, "takes">, plan: Plan): readonly Wanted[] {
  return takes === "containers" ? OF_CONTAINER : wantedNames(plan);
}

/** Every name that has to be let out of the build VM's subnet, as far as the recipe lists them. */
export function wantedNames({ egress }: Plan): Wanted[] {
  return [
    ...OWN,
    ...egress.flatMap(({ name, ports }) => ports.map((port) => ({ name, port, by: "the recipe" as const }))),
  ];
}
