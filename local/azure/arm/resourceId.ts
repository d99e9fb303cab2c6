/** What a path of ARM names. */
export interface Target {
  /** The whole path, decoded, without a trailing slash. */
  id: string;
  /** What it lies in: the id up to the last `/providers/`, "" for the tenant. */
  scope: string;
  /** `Microsoft.Network`; resource groups and subscriptions are of `Microsoft.Resources`. */
  namespace: string;
  /** `["virtualNetworks", "subnets"]` */
  types: string[];
  /** One a type; of a collection, or an action, one fewer. */
  names: string[];
  subscriptionId?: string;
  resourceGroup?: string;
}

/** After `/providers/{namespace}`: the path is about the provider itself, which is a resource of Microsoft.Resources. */
const ABOUT_PROVIDERS = /^(register|unregister|resourceTypes)$/i;

/** @throws URIError where a path is not well encoded, or a name in it holds a slash. */
export function parseTarget(path: string): Target {
  const segments = path.split("/").filter(Boolean).map(decodeURIComponent);
  // Or the path would name one thing by its segments and another by its id.
  if (segments.some((segment) => segment.includes("/"))) throw new URIError("A name cannot hold a slash.");
  return targetOf(segments);
}

/** Of an id, which is not encoded. */
export function parseId(id: string): Target {
  return targetOf(id.split("/").filter(Boolean));
}

function targetOf(segments: string[]): Target {
  let provider = -1;
  // Keys stand at even places, so a resource that is called "providers" is not taken for one.
  for (let at = 0; at < segments.length; at += 2) {
    const [first, second] = segments.slice(at + 2, at + 4);
    const ofProvider = first === undefined || (second === undefined && ABOUT_PROVIDERS.test(first));
    if (segments[at]?.toLowerCase() === "providers" && !ofProvider) provider = at;
  }
  const scope = provider < 0 ? [] : segments.slice(0, provider);
  const rest = provider < 0 ? segments : segments.slice(provider + 2);
  const target: Target = {
    id: joinId(segments),
    scope: joinId(scope),
    namespace: provider < 0 ? "Microsoft.Resources" : (segments[provider + 1] ?? ""),
    types: rest.filter((_, at) => at % 2 === 0),
    names: rest.filter((_, at) => at % 2 === 1),
  };
  if (segments[0]?.toLowerCase() === "subscriptions" && segments[1]) target.subscriptionId = segments[1];
  if (segments[2]?.toLowerCase() === "resourcegroups" && segments[3]) target.resourceGroup = segments[3];
  return target;
}

const joinId = (segments: string[]) => segments.map((segment) => `/${segment}`).join("");

export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Whether `id` is `scope` or lies below it. */
export function isWithin(scope: string, id: string): boolean {
  const outer = scope.toLowerCase().replace(/\/$/, "");
  const inner = id.toLowerCase();
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** The id of what a resource lies in: its parent resource, its group, or its subscription. */
export function parentId(target: Target): string {
  if (target.names.length === 0) return target.scope;
  const nested = target.types.length > 1;
  if (!nested) return target.scope;
  const cut = target.types.length > target.names.length ? 1 : 2;
  return target.id.split("/").slice(0, -cut).join("/");
}

/** `/subscriptions/{s}/resourceGroups/{g}` of any id below it. */
export function groupIdOf(id: string): string {
  return id.split("/").slice(0, 5).join("/");
}

export function groupNameOf(id: string): string {
  return id.split("/")[4] ?? "";
}

export function lastName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** `Microsoft.Network/virtualNetworks/vnet/subnets/snet` */
export function nestedName(type: string, names: string[]): string {
  const [namespace = "", ...types] = type.split("/");
  return [namespace, ...types.flatMap((part, at) => [part, names[at] ?? ""])].join("/");
}
