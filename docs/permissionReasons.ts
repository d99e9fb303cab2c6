/** What docs/permissions.md says of roles that no template can say: when each counts, and what it is for. */
interface Reason {
  when: string;
  why: string;
}

/** By the names of roles in infra/, without the installation; Azure's own by their whole names. */
export const REASONS: Record<string, Reason> = {
  "image creation": {
    when: "a build, until its run has ended and its log is archived",
    why: "image builder writes image versions, and managed images, as this identity",
  },
  "source reading": {
    when: "a build whose source lies elsewhere, until its run has ended and its log is archived",
    why: "image builder reads what the build begins with as this identity",
  },
  "network join": {
    when: "a build, until template and staging group are gone",
    why: "image builder attaches its machines to the subnet, and takes them away again",
  },
  observer: {
    when: "always",
    why: "preflight and sweeper see resource providers, standing access, roles, policies, quotas, the terms of plans, staging groups and the storage in them",
  },
  "log reader": {
    when: "always, under a condition",
    why: "archives image builder's log, which lies in an account that is new with each template",
  },
  "template operator": {
    when: "always",
    why: "makes, runs, watches, cancels and deletes image templates, and the managed images that VHDs are imported to",
  },
  "identity user": {
    when: "always",
    why: "names the builder in a template, and looks whether anybody else can act as it",
  },
  "network reader": { when: "always", why: "the preflight reads whether builds will have room and a way through" },
  "gallery reader": { when: "always", why: "reads definitions, versions and sources, and what a build has made" },
  publisher: {
    when: "always, where recipes have `approval: {before: publish}`",
    why: "lets a version become the latest once somebody has approved it",
  },
  granter: { when: "always, under a condition", why: "leases to the builder, and takes back" },
  "Storage Blob Data Owner": { when: "always", why: "the Functions host keeps its leases, timers and keys there" },
  "Storage Queue Data Contributor": { when: "always", why: "Durable Functions keeps its queues there" },
  "Storage Table Data Contributor": { when: "always", why: "Durable Functions keeps its histories there" },
  "Storage Blob Data Contributor": { when: "always", why: "reads and writes what it keeps there" },
  "Storage Blob Data Reader": { when: "always, where recipes lie in a container", why: "reads recipes" },
  "Monitoring Metrics Publisher": { when: "always", why: "sends telemetry, signed in instead of by a key" },
  "Durable Task Data Contributor": {
    when: "always, where Durable Task Scheduler is the engine",
    why: "keeps the state of builds there",
  },
};

/** Why a role has an action that no simulation of test/infra/actions.test.ts asks for. */
export const NOT_SIMULATED: Record<string, string> = {
  "image creation: Microsoft.Compute/galleries/read": "in Microsoft's list of what image builder needs to distribute",
  "image creation: Microsoft.Compute/images/read": "in Microsoft's list of what image builder needs to distribute",
  "image creation: Microsoft.Compute/images/delete": "in Microsoft's list of what image builder needs to distribute",
  "source reading: Microsoft.Compute/galleries/read": "in Microsoft's list of what image builder needs of a source",
  "observer: Microsoft.Resources/subscriptions/read":
    "whether the subscription of the settings is there and enabled; asked only where the templates' group cannot be read",
  "observer: Microsoft.MarketplaceOrdering/offerTypes/publishers/offers/plans/agreements/read":
    "the preflight reads the terms of a source's purchase plan; no simulated recipe has one",
  "network reader: Microsoft.Network/routeTables/read":
    "read along with its subnet by `$expand`; whether Azure asks for this then is not documented",
  "network reader: Microsoft.Network/natGateways/read":
    "read along with its subnet by `$expand`; whether Azure asks for this then is not documented",
  "gallery reader: Microsoft.Compute/galleries/read":
    "nothing of the service reads a gallery itself; it comes with Microsoft's list of what it takes to read images",
  "gallery reader: Microsoft.Compute/images/read":
    "the service reads managed images that builds begin with or make; no simulated recipe has one in these groups",
};
