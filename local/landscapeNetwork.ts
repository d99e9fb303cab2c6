import type { Landscape } from "./landscape.ts";

type Resource = Landscape["resources"][number];

/** Where the machines of the two operating systems are reached, and the proxy in front of them. */
const PORTS = { Linux: { proxy: "60001", machine: "22" }, Windows: { proxy: "60000", machine: "5986" } };

const CONTAINER_GROUPS = "Microsoft.ContainerInstance/containerGroups";
const ISOLATED = "10.40.0.64/27";
const CONTAINERS = "10.40.0.96/28";

/** The virtual network that the shipped recipes are built in, and the security group of each of its subnets. */
export function landscapeNetwork(group: string, location: string): { id: string; resources: Resource[] } {
  const network = (path: string) => `${group}/providers/Microsoft.Network/${path}`;
  const id = network("virtualNetworks/vnet-builds");
  const rules = {
    "nsg-builds": besideProxy("Linux"),
    "nsg-windows": besideProxy("Windows"),
    "nsg-isolated": [
      rule("allow-container-to-build", "Inbound", 400, CONTAINERS, ISOLATED, "22"),
      rule("allow-container-to-windows", "Inbound", 410, CONTAINERS, ISOLATED, "5986"),
      rule("deny-other-inbound", "Inbound", 4096, "*", "*", "*", "Deny"),
      ...downloads,
      rule("deny-other-outbound", "Outbound", 4096, "*", "*", "*", "Deny"),
    ],
    "nsg-isolated-containers": [
      rule("deny-inbound", "Inbound", 4096, "*", "*", "*", "Deny"),
      rule("allow-https-out", "Outbound", 400, "VirtualNetwork", "Internet", "443"),
      rule("allow-files-out", "Outbound", 410, "VirtualNetwork", "Storage", "445"),
      rule("allow-container-to-build", "Outbound", 420, CONTAINERS, ISOLATED, "22"),
      rule("allow-container-to-windows", "Outbound", 430, CONTAINERS, ISOLATED, "5986"),
      rule("deny-other-outbound", "Outbound", 4096, "*", "*", "*", "Deny"),
    ],
  };
  const subnet = (name: string, addressPrefix: string, securityGroup: keyof typeof rules, takesContainers = false) => ({
    name,
    properties: {
      addressPrefix,
      networkSecurityGroup: { id: network(`networkSecurityGroups/${securityGroup}`) },
      privateEndpointNetworkPolicies: "Disabled",
      privateLinkServiceNetworkPolicies: "Disabled",
      serviceEndpoints: [],
      delegations: takesContainers ? [{ name: "containers", properties: { serviceName: CONTAINER_GROUPS } }] : [],
    },
  });
  return {
    id,
    resources: [
      ...Object.entries(rules).map(([name, securityRules]) => ({
        id: network(`networkSecurityGroups/${name}`),
        body: { location, properties: { securityRules } },
      })),
      {
        id,
        body: {
          location,
          properties: {
            addressSpace: { addressPrefixes: ["10.40.0.0/22"] },
            subnets: [
              subnet("snet-builds", "10.40.0.0/27", "nsg-builds"),
              subnet("snet-windows", "10.40.0.32/27", "nsg-windows"),
              subnet("snet-isolated", ISOLATED, "nsg-isolated"),
              subnet("snet-isolated-containers", CONTAINERS, "nsg-isolated-containers", true),
            ],
          },
        },
      },
    ],
  };
}

const downloads = [
  rule("allow-https-out", "Outbound", 400, "VirtualNetwork", "Internet", "443"),
  rule("allow-http-out", "Outbound", 410, "VirtualNetwork", "Internet", "80"),
];

/** Where load balancer, private link, proxy VM and build VM share a subnet. */
function besideProxy(operatingSystem: keyof typeof PORTS) {
  const { proxy, machine } = PORTS[operatingSystem];
  return [
    rule("allow-probe-of-proxy", "Inbound", 400, "AzureLoadBalancer", "VirtualNetwork", proxy),
    rule("allow-link-to-proxy", "Inbound", 410, "VirtualNetwork", "VirtualNetwork", proxy),
    rule("allow-proxy-to-build-in", "Inbound", 420, "VirtualNetwork", "VirtualNetwork", machine),
    rule("deny-other-inbound", "Inbound", 4096, "*", "*", "*", "Deny"),
    ...downloads,
    rule("allow-proxy-to-build-out", "Outbound", 420, "VirtualNetwork", "VirtualNetwork", machine),
    rule("deny-other-outbound", "Outbound", 4096, "*", "*", "*", "Deny"),
  ];
}

function rule(
  name: string,
  direction: "Inbound" | "Outbound",
  priority: number,
  source: string,
  destination: string,
  port: string,
  access: "Allow" | "Deny" = "Allow",
) {
  return {
    name,
    properties: {
      protocol: access === "Allow" ? "Tcp" : "*",
      sourcePortRange: "*",
      sourceAddressPrefix: source,
      destinationAddressPrefix: destination,
      destinationPortRange: port,
      access,
      priority,
      direction,
    },
  };
}
