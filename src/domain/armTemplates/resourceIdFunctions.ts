import type { Arguments } from "./arguments.ts";
import { type DeploymentTarget, resourceGroupOf, subscriptionIdOf } from "./deployment.ts";
import { TemplateFault } from "./templateFault.ts";

type IdFunction = (args: Arguments, target: DeploymentTarget) => string;

export const resourceIdFunctions: Record<string, IdFunction> = {
  /** `resourceId([subscription], [resource group], type, name…)` */
  resourceId: (args, target) => {
    const { before, rest } = split(args, 2);
    const group = before.at(-1) ?? resourceGroupOf(target);
    const subscription = before.length > 1 ? before[0] : subscriptionIdOf(target);
    return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${rest}`;
  },
  subscriptionResourceId: (args, target) => {
    const { before, rest } = split(args, 1);
    return `/subscriptions/${before[0] ?? subscriptionIdOf(target)}/providers/${rest}`;
  },
  tenantResourceId: (args) => `/providers/${split(args, 0).rest}`,
  managementGroupResourceId: (args) => {
    const { before, rest } = split(args, 1);
    if (!before[0]) throw new TemplateFault("needs the management group's name");
    return `/providers/Microsoft.Management/managementGroups/${before[0]}/providers/${rest}`;
  },
  extensionResourceId: (args) => {
    const [scope = "", ...parts] = args.expect(3, Infinity).values.map((_, index) => args.text(index));
    return `${scope}/providers/${typed(parts, args.of)}`;
  },
};

/** The type is the first argument with a slash in it; names stand behind it. */
function split(args: Arguments, most: number): { before: string[]; rest: string } {
  const parts = args.expect(2, Infinity).values.map((_, index) => args.text(index));
  const at = parts.findIndex((part) => part.includes("/"));
  if (at < 0 || at > most) throw new TemplateFault(`${args.of} takes a resource type, and names behind it`);
  return { before: parts.slice(0, at), rest: typed(parts.slice(at), args.of) };
}

/** `Microsoft.Compute/galleries/images` and two names: `Microsoft.Compute/galleries/a/images/b`. */
function typed([type = "", ...names]: string[], of: string): string {
  const [namespace = "", ...types] = type.split("/");
  if (types.length !== names.length || types.length === 0 || names.some((name) => name === "")) {
    throw new TemplateFault(
      `${of} has ${names.length} names for the type ${type.slice(0, 100)}, which takes ${types.length}`,
    );
  }
  return [namespace, ...types.flatMap((segment, index) => [segment, names[index] ?? ""])].join("/");
}
