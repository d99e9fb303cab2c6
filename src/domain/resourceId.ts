/** An ARM resource id taken apart. Azure compares ids without case; so does `sameId`. */
export interface ResourceId {
  subscriptionId: string;
  resourceGroup: string;
  /** `Microsoft.Network/virtualNetworks/subnets`. */
  type: string;
  /** One name a segment of the type behind the namespace: `["vnet", "snet"]`. */
  names: string[];
}

const segment = "[A-Za-z0-9_.()-]{1,90}";
const ID = new RegExp(
  `^/subscriptions/([0-9a-f-]{36})/resourceGroups/(${segment})/providers/(Microsoft\\.[A-Za-z]+)((?:/${segment}/${segment})+)$`,
  "i",
);

/** @returns undefined where the text is not a whole resource id: no query, no `..`, no empty or escaped segment. */
export function parseResourceId(id: string): ResourceId | undefined {
  const match = ID.exec(id);
  if (!match) return undefined;
  const [, subscriptionId = "", resourceGroup = "", namespace = "", rest = ""] = match;
  const segments = rest.slice(1).split("/");
  if ([resourceGroup, ...segments].some((name) => /^\.+$/.test(name))) return undefined;
  return {
    subscriptionId,
    resourceGroup,
    type: [namespace, ...segments.filter((_, index) => index % 2 === 0)].join("/"),
    names: segments.filter((_, index) => index % 2 === 1),
  };
}

/** Ids in recipes may begin at `/resourceGroups/`: the service's own subscription is meant. */
export function absoluteId(id: string, subscriptionId: string): string {
  return /^\/resourceGroups\//i.test(id) ? `/subscriptions/${subscriptionId}${id}` : id;
}

export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Each of them once, however it is written. */
export function differentIds(ids: readonly string[]): string[] {
  return ids.filter((one, at) => ids.findIndex((other) => sameId(other, one)) === at);
}

/** The id of the resource group that a resource lies in. */
export function resourceGroupOf(id: string): string {
  return id.split("/").slice(0, 5).join("/");
}

/** The path of a resource's siblings: where resources of its type and parent are listed. */
export function collectionOf(id: string): string {
  return id.split("/").slice(0, -1).join("/");
}

/** The id of the resource that a child resource belongs to: a subnet's virtual network. */
export function parentOf(id: string): string {
  return id.split("/").slice(0, -2).join("/");
}

/** The id of the subscription that a resource lies in. */
export function subscriptionOf(id: string): string {
  return id.split("/").slice(0, 3).join("/");
}
