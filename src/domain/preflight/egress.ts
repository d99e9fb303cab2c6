import type { Plan } from "../plan.ts";

/** A host name and a port that the build VM reaches, and who asks for it. */
export interface Wanted {
  name: string;
  port: number;
  by: "image builder" | "the recipe";
}

/** What image builder itself reaches from the build VM's subnet; its storage account's name is not known ahead. */
const OWN: readonly Wanted[] = ["*.blob.core.windows.net", "management.azure.com"].map((name) => ({
  name,
  port: 443,
  by: "image builder",
}));

/** Every name that has to be let out of the build VM's subnet, as far as the recipe lists them. */
export function wantedNames({ egress }: Plan): Wanted[] {
  return [
    ...OWN,
    ...egress.flatMap(({ name, ports }) => ports.map((port) => ({ name, port, by: "the recipe" as const }))),
  ];
}
