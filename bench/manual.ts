/**
 * The procedure that people follow by hand: the commands of Azure CLI on the page that the sample recipe comes from (the
 * README of mspnp/aks-jumpbox-imagebuilder), as the requests that each makes of ARM, on the local Azure and its clock.
 *
 * Other than on the page:
 * - Its deployment is done by one command a resource, since the local Azure has no deployments; each `az deployment … show`
 *   is one GET here as there, of something else.
 * - The image goes to a gallery, by the sample recipe's template.
 * - The grants do go away. As written they stay, for the page asks for a principal that its deployment does not tell.
 * - Whoever types takes no time, nor does Azure CLI; requests to Microsoft Entra ID and for blobs are not among those of ARM.
 */
import { landscape } from "../local/landscape.ts";
import type { ImageTemplateBody } from "../src/domain/imageTemplate.ts";
import type { Preview } from "../src/domain/preview.ts";
import { openSimulation, type Simulation, UNSWEPT } from "../test/support/simulation/simulation.ts";
import { mean } from "./figure.ts";

const SECOND = 1000;
/** How often Azure CLI looks at an operation, unless Azure asks for another time: azure-core's pollers. */
const POLL = 30 * SECOND;

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const group = (name: string) => `${subscription}/resourceGroups/${name}`;
const { location = "" } = landscape.resourceGroups[0] ?? {};
const identity = `${group("rg-goldsmith-templates")}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-by-hand`;
const template = `${group("rg-goldsmith-templates")}/providers/Microsoft.VirtualMachineImages/imageTemplates/by-hand`;
const network = `${group("rg-network")}/providers/Microsoft.Network/virtualNetworks/vnet-builds`;
const assignments = "/providers/Microsoft.Authorization/roleAssignments";

const VERSIONS = {
  assignments: "2022-04-01",
  builder: "2024-02-01",
  identity: "2023-01-31",
  resources: "2021-04-01",
  storage: "2023-01-01",
};

/** What a build by hand costs; see {@link WatchedBuild} for how overhead is reckoned. */
export interface ManualBuild {
  armCalls: number;
  overheadSeconds: number;
  /** Of that, what passes until the operation of the run has ended too, for which Azure CLI waits. */
  lagSeconds: number;
}

/** @returns the mean of a build in each of these worlds. */
export async function manualProcedure(seeds: readonly number[]): Promise<ManualBuild> {
  const builds: ManualBuild[] = [];
  for (const seed of seeds) {
    const simulation = await openSimulation(seed, { env: UNSWEPT });
    builds.push(await byHand(simulation));
    await simulation.close();
  }
  const of = (figure: keyof ManualBuild) => mean(builds.map((one) => one[figure]));
  return { armCalls: of("armCalls"), overheadSeconds: of("overheadSeconds"), lagSeconds: of("lagSeconds") };
}

/** Builds the sample image by hand, and removes all that was made for it but the image. */
export async function byHand(simulation: Simulation): Promise<ManualBuild> {
  const { clock } = simulation.host;
  const { location: _, identity: __, tags, ...properties } = await templateOf(simulation);
  const az = azureCli(simulation);
  const asked = clock.now();

  // az provider register
  await az.ask("POST", `${subscription}/providers/Microsoft.VirtualMachineImages/register`, VERSIONS.resources);
  // az deployment sub show, for each of the two roles: here, az role definition list by name and scope.
  const join = await az.role(network, "Goldsmith network join");
  const create = await az.role(group("rg-images"), "Goldsmith image creation");
  // az group create
  await az.ask("PUT", group("rg-goldsmith-templates"), VERSIONS.resources, { location });
  // az deployment group create: the identity, its two grants, the template.
  const made = await az.ask("PUT", identity, VERSIONS.identity, { location });
  const { principalId } = (made.body as { properties: { principalId: string } }).properties;
  await az.assign("b5d8c1de-0c1c-4a52-8c5e-4c1b6d2a0f01", principalId, network, join);
  await az.assign("b5d8c1de-0c1c-4a52-8c5e-4c1b6d2a0f02", principalId, group("rg-images"), create);
  const creation = clock.now();
  const ready = await az.wait(
    await az.ask("PUT", template, VERSIONS.builder, {
      location,
      tags,
      identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
      properties,
    }),
  );
  // What a PUT makes is read when its operation has ended.
  await az.ask("GET", template, VERSIONS.builder);
  // az deployment group show, for the image's group and for the template's name.
  await az.show(identity);
  await az.show(identity);

  // az resource invoke-action, and each other `az resource`, first asks for the provider's API versions.
  await az.provider();
  const runAsked = clock.now();
  const run = await az.ask("POST", `${template}/run`, VERSIONS.builder);
  const operationEnded = await az.wait(run);
  // What a POST makes is read where it says.
  await az.get(run.headers.location ?? "");
  // az resource show, for the outcome and the staging group.
  await az.provider();
  const shown = (await az.ask("GET", template, VERSIONS.builder)).body as Template;
  const runEnded = Date.parse(shown.properties.lastRunStatus.endTime);
  if (shown.properties.lastRunStatus.runState !== "Succeeded") throw new Error("The run by hand has failed.");

  // The log: az storage account list for its account, and az storage blob download, which finds the account and asks for keys.
  const staging = shown.properties.exactStagingResourceGroup;
  const accounts = await az.ask("GET", `${staging}/providers/Microsoft.Storage/storageAccounts`, VERSIONS.storage);
  await az.ask("GET", `${subscription}/providers/Microsoft.Storage/storageAccounts`, VERSIONS.storage);
  const [account] = (accounts.body as { value: { id: string }[] }).value;
  await az.ask("POST", `${account?.id}/listKeys`, VERSIONS.storage);

  // az deployment group show for the principal, and az role assignment delete of image creation.
  await az.show(identity);
  await az.revoke(group("rg-images"), principalId);
  // az resource delete
  await az.provider();
  const deletion = clock.now();
  const gone = await az.wait(await az.ask("DELETE", template, VERSIONS.builder));
  // The same for the network, whose id is asked for too.
  await az.show(identity);
  await az.show(identity);
  await az.revoke(network, principalId);
  // az deployment group show and az identity delete
  await az.show(identity);
  await az.ask("DELETE", identity, VERSIONS.identity);

  const overhead = runAsked - asked - (ready - creation) + (clock.now() - runEnded) - (gone - deletion);
  return {
    armCalls: az.asked(),
    overheadSeconds: overhead / SECOND,
    lagSeconds: (operationEnded - runEnded) / SECOND,
  };
}

interface Assignment {
  id: string;
  properties: { principalId: string; scope: string };
}

interface Template {
  properties: {
    exactStagingResourceGroup: string;
    lastRunStatus: { runState: string; endTime: string };
  };
}

/** The template that the service would send now, so that both build the same. */
async function templateOf({ host }: Simulation): Promise<ImageTemplateBody> {
  const { body } = await host.send({ method: "GET", path: "/api/images/aks-jumpbox/plan", headers: {} });
  return (JSON.parse(body.toString()) as Preview).plan.template;
}

/** The parts that the commands of Azure CLI are made of, as the subscription's owner. */
function azureCli({ world: { cloud, operatorToken }, host: { clock } }: Simulation) {
  let count = 0;

  async function ask(method: string, path: string, apiVersion: string, body?: object) {
    const separator = path.includes("?") ? "&" : "?";
    return send(method, new URL(`${path}${separator}api-version=${apiVersion}`, cloud.url), body);
  }

  async function send(method: string, url: URL, body?: object) {
    count++;
    const answer = await cloud.answer({
      method,
      url,
      headers: { authorization: `Bearer ${operatorToken}`, "content-type": "application/json" },
      body: Buffer.from(body ? JSON.stringify(body) : ""),
    });
    if (!answer || answer.status >= 300) throw new Error(`${method} ${url.pathname}: ${String(answer?.body)}`);
    const text = String(answer.body ?? "");
    return { headers: answer.headers, body: (text ? JSON.parse(text) : {}) as unknown };
  }

  /** Looks at once, and then every so often, until the operation has ended. @returns when it had. */
  async function wait({ headers }: Awaited<ReturnType<typeof send>>): Promise<number> {
    const url = new URL(headers["azure-asyncoperation"] ?? "");
    for (;;) {
      const { body, headers: told } = await send("GET", url);
      const { status, endTime = "" } = body as { status: string; endTime?: string };
      if (status === "Succeeded") return Date.parse(endTime);
      if (status !== "InProgress") throw new Error(`An operation by hand is ${status}: ${JSON.stringify(body)}`);
      const retryAfter = told["retry-after"];
      await clock.sleep(retryAfter === undefined ? POLL : Number(retryAfter) * SECOND);
    }
  }

  return {
    ask,
    get: (url: string) => send("GET", new URL(url)),
    wait,
    asked: () => count,
    show: (id: string) => ask("GET", id, VERSIONS.identity),
    provider: () => ask("GET", `${subscription}/providers/Microsoft.VirtualMachineImages`, VERSIONS.resources),
    async role(scope: string, name: string): Promise<string> {
      const filter = encodeURIComponent(`roleName eq '${name}'`);
      const path = `${scope}/providers/Microsoft.Authorization/roleDefinitions?$filter=${filter}`;
      const { body } = await ask("GET", path, VERSIONS.assignments);
      const [role] = (body as { value: { id: string }[] }).value;
      if (!role) throw new Error(`There is no role ${name}.`);
      return role.id;
    },
    /** With the role's id, and an object id with its type, Azure CLI has nothing to look up. */
    async assign(name: string, principalId: string, scope: string, roleDefinitionId: string): Promise<void> {
      const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
      await ask("PUT", `${scope}${assignments}/${name}`, VERSIONS.assignments, { properties });
    },
    /** Azure CLI lists what is assigned at a scope and above it, and deletes what is at it and fits. */
    async revoke(scope: string, principalId: string): Promise<void> {
      const path = `${scope}${assignments}?$filter=${encodeURIComponent("atScope()")}`;
      const { value } = (await ask("GET", path, VERSIONS.assignments)).body as { value: Assignment[] };
      for (const { id, properties } of value) {
        if (properties.scope === scope && properties.principalId === principalId)
          await ask("DELETE", id, VERSIONS.assignments);
      }
    },
  };
}
