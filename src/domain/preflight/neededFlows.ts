import type { Plan } from "../plan.ts";
import type { Flow } from "../network/securityGroups.ts";
import { mayBePrivate, reachedFrom, type Wanted } from "./egress.ts";
import { type BuildSubnet, buildSubnets, type Ground } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { operatingSystemOf } from "./operatingSystem.ts";
import { ownStorage, tagOfWanted } from "./ways.ts";

/** A flow that a build needs through the network security group of one of its subnets. */
export interface NeededFlow {
  /** Kebab-case: what a rule that allows it can be called. */
  name: string;
  /** The subnet whose group decides. */
  subnet: BuildSubnet;
  direction: Flow["direction"];
  /** Prefixes, or a service tag. */
  from: readonly string[];
  to: readonly string[];
  port: number;
  /** Tcp unless told. */
  protocol?: "Tcp" | "Udp";
  /** What for. */
  purpose: string;
  /** Of flows of a subnet with the same word here, one that passes is enough. */
  oneOf?: "names";
  /** Whether only customizers may need it, of which the recipe lists nothing. */
  isUnlisted?: true;
  /** Whether it may be to a private endpoint instead. */
  mayBePrivate?: true;
}

/** How image builder comes to the build VM. */
const REMOTE = { Linux: { proxy: 60001, machine: 22 }, Windows: { proxy: 60000, machine: 5986 } };

/** Every flow that image builder itself needs, and the ports that the recipe's host names are reached at. */
export function neededFlows(ground: Ground): NeededFlow[] {
  const [build, containers] = buildSubnets(ground);
  if (!build) return [];
  const { proxy, machine } = REMOTE[operatingSystemOf(ground)];
  const own = ipv4Of(build);
  const { names: wanted, rest } = reachedFrom(build, ground.plan);
  const isUnlisted = rest === "unlisted" && { isUnlisted: true as const };
  const outwards = [
    ...outwardsOf(ground.plan, wanted).map(({ to, port, names, ...more }) => ({
      ...need(`${to.toLowerCase()}-${port}-out`, build, "Outbound", own, [to], port, `the build VM reaches ${names}`),
      ...more,
      ...isUnlisted,
    })),
    ...(rest === "nothing" && wanted.length === 0
      ? []
      : namesOf(ground, build).map((one) => ({ ...one, ...isUnlisted }))),
  ];
  if (ground.plan.topology.kind === "private link") {
    return [
      need(
        "probe-of-proxy",
        build,
        "Inbound",
        ["AzureLoadBalancer"],
        own,
        proxy,
        "the load balancer probes the proxy VM",
      ),
      need("link-to-proxy", build, "Inbound", own, own, proxy, "the private link address reaches the proxy VM"),
      need("proxy-to-build", build, "Inbound", own, own, machine, "the proxy VM reaches the build VM"),
      need("proxy-to-build-out", build, "Outbound", own, own, machine, "the proxy VM reaches the build VM"),
      ...outwards,
    ];
  }
  if (!containers) return outwards;
  const container = ipv4Of(containers);
  return [
    ...namesOf(ground, containers),
    need("container-to-build", build, "Inbound", container, own, machine, "packer's container reaches the build VM"),
    need(
      "container-to-build-out",
      containers,
      "Outbound",
      container,
      own,
      machine,
      "packer's container reaches the build VM",
    ),
    need(
      "container-https-out",
      containers,
      "Outbound",
      container,
      ["Internet"],
      443,
      "packer's container reaches Azure",
    ),
    need(
      "container-files-out",
      containers,
      "Outbound",
      container,
      [ownStorage(ground.plan.location)],
      445,
      "packer's container reaches its file share",
    ),
    ...outwards,
  ];
}

/** Of Azure itself, which no group has to let through. */
const OWN_SERVER = "168.63.129.16";

/** What machines of a subnet ask the network's own DNS servers, of which they take another where one does not answer. */
function namesOf({ virtualNetwork }: Ground, subnet: BuildSubnet): NeededFlow[] {
  const servers = valueOf(virtualNetwork)?.dnsServers ?? [];
  return servers
    .filter((server) => server !== OWN_SERVER && !server.includes(":"))
    .map((server) => ({
      ...need(
        `dns-${server.replaceAll(".", "-")}-out`,
        subnet,
        "Outbound",
        ipv4Of(subnet),
        [server],
        53,
        "names are asked of the network's DNS server",
      ),
      protocol: "Udp" as const,
      oneOf: "names" as const,
    }));
}

function need(
  name: string,
  subnet: BuildSubnet,
  direction: Flow["direction"],
  from: readonly string[],
  to: readonly string[],
  port: number,
  purpose: string,
): NeededFlow {
  return { name, subnet, direction, from, to, port, purpose };
}

/** Machines of image builder have IPv4 addresses only. */
const ipv4Of = ({ addressPrefixes }: BuildSubnet) => addressPrefixes.filter((prefix) => !prefix.includes(":"));

type Outwards = Pick<NeededFlow, "port" | "mayBePrivate"> & { to: string; names: string };

/**
 * Where the build VM reaches out to: a service tag where one covers the names, else the Internet. Addresses of names,
 * resolved once, are none: they change, and do not belong into a group.
 */
function outwardsOf(plan: Plan, wanted: readonly Wanted[]): Outwards[] {
  // Without a list of names, nobody knows what the customizers reach.
  if (plan.egress.length === 0)
    return [
      {
        to: "Internet",
        port: 443,
        names: plan.topology.kind === "isolated" ? "what its customizers may download" : "storage and its downloads",
      },
    ];
  const flows = new Map<string, { to: string; port: number; wanted: Wanted[] }>();
  for (const one of wanted) {
    const { port } = one;
    const to = tagOfWanted(one, plan.location) ?? "Internet";
    const flow = flows.get(`${to} ${port}`) ?? { to, port, wanted: [] };
    flows.set(`${to} ${port}`, { ...flow, wanted: [...flow.wanted, one] });
  }
  return [...flows.values()].map(({ wanted: all, to, port }) => {
    const names = all.map(({ name }) => name).join(", ");
    const covered = to === "Internet" ? "which no service tag covers" : `all in the service tag ${to}`;
    return { to, port, names: `${names}, ${covered}`, ...(all.every(mayBePrivate) ? { mayBePrivate: true } : {}) };
  });
}
