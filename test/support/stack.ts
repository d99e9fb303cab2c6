/** The whole thing as processes, on ports of its own and in a folder of its own, for tests over HTTP. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlobServiceClient, type BlockBlobClient, type ContainerClient } from "@azure/storage-blob";
import { builderIdentity, landscape, landscapeSettings, operatorIdentity } from "../../local/landscape.ts";
import { azuriteConnectionString } from "../../local/stack/azurite.ts";
import type { Child } from "../../local/stack/childProcess.ts";
import { startFunctionsHost } from "../../local/stack/functionsHost.ts";
import { isFree } from "../../local/stack/ports.ts";
import { type Stack, startStack } from "../../local/stack/stack.ts";
import { isUnderWayState } from "../../src/domain/buildView.ts";
import { BLOB_CONTRIBUTOR, BLOB_READER } from "../../src/domain/grant.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { managementLeaks } from "./leaks.ts";
import { heldToOpenApi } from "./openApi.ts";
import { tokenFrom } from "./token.ts";

/** Local seconds in a real one: half an hour in under eight seconds. */
const SPEED = 240;

interface CloudState {
  resourceGroups: { name: string }[];
  resources: { id: string; type: string }[];
  roleAssignments: { properties: { principalId: string; scope: string; roleDefinitionId: string } }[];
  runningBuilds: unknown[];
}

/** What a build of ours can leave in Azure. */
export interface Traces {
  grants: number;
  templates: number;
  /** Resource groups that the landscape does not have. */
  otherGroups: string[];
  runningBuilds: number;
  versions: number;
}

/** All but the image. */
export const NOTHING: Omit<Traces, "versions"> = { grants: 0, templates: 0, otherGroups: [], runningBuilds: 0 };

export interface SeenRequest {
  method: string;
  path: string;
  status: number;
}

export interface BuildAnswer {
  id: string;
  state: string;
  phase?: string;
  elapsedSeconds?: number;
  grants?: { role: string }[];
  receipt?: Receipt;
  detail?: string;
}

export class TestStack {
  readonly #stack: Stack;
  readonly #storagePort: number;
  readonly #env: Record<string, string>;
  readonly #port: number;
  #host: Child;
  readonly log: string[];
  readonly #answers: string[] = [];

  private constructor(stack: Stack, port: number, storagePort: number, env: Record<string, string>, log: string[]) {
    const [, , host] = stack.children;
    if (!host) throw new Error("The stack came up without a host.");
    this.#stack = stack;
    this.#port = port;
    this.#storagePort = storagePort;
    this.#env = env;
    this.#host = host;
    this.log = log;
  }

  /**
   * @param at the local time to begin at, ISO 8601.
   * @param speed local seconds in a real one.
   */
  static async start(options: { at?: string; speed?: number; env?: Record<string, string> } = {}): Promise<TestStack> {
    const state = mkdtempSync(join(tmpdir(), "goldsmith-"));
    if (options.at) {
      const epoch = { real: Date.now(), local: Date.parse(options.at), speed: 0 };
      writeFileSync(join(state, "clock.json"), JSON.stringify(epoch));
    }
    const [port, azurePort, identityPort] = [await freePort(), await freePort(), await freePort()];
    const storagePort = await freePort(3);
    // Where a test does not ask for schedule and sweeper, nothing happens by itself.
    const env = {
      "AzureWebJobs.nightlyBuilds.Disabled": options.at ? "false" : "true",
      "AzureWebJobs.sweepTimer.Disabled": "true",
      "AzureWebJobs.watchSources.Disabled": "true",
      ...options.env,
    };
    const log: string[] = [];
    const stack = await startStack({
      port,
      azurePort,
      identityPort,
      storagePort,
      state,
      env,
      speed: options.speed ?? SPEED,
      fresh: false,
      onLine: (from, line) => log.push(`[${from}] ${line}`),
    });
    return new TestStack(stack, port, storagePort, env, log);
  }

  get url(): string {
    return this.#stack.serviceUrl;
  }

  /** Where Azure, storage and host keep all that they know: what is hidden there is in none of their files. */
  get stateFolder(): string {
    return this.#stack.stateFolder;
  }

  /** The local Azure's addresses, and the file that clients trust it by. */
  get azure(): Stack["azure"] {
    return this.#stack.azure;
  }

  /**
   * `kill -9` of the Functions host, and its start on the same state.
   *
   * @param app the folder of another one to be served.
   * @param env settings that are changed until the next start.
   */
  async crashAndRestart(app?: string, env: Record<string, string> = {}): Promise<void> {
    await this.#host.kill();
    const { stateFolder, azure } = this.#stack;
    const { child } = await startFunctionsHost({
      ...(app && { app }),
      stateFolder,
      azure,
      port: this.#port,
      storagePort: this.#storagePort,
      env: { ...this.#env, ...env },
      onLine: (line) => this.log.push(`[host] ${line}`),
    });
    this.#host = child;
  }

  /** @throws where anything that was told lets somebody steer instances past the service. */
  async stop(): Promise<void> {
    await this.#host.stop();
    const { stateFolder } = this.#stack;
    const leaks = managementLeaks(stateFolder, [
      ...this.log.map((line): [string, string] => ["log", line]),
      ...this.#answers.map((text): [string, string] => ["answer", text]),
      ...(await this.#archivedTexts()),
    ]);
    await this.#stack.stop();
    rmSync(stateFolder, { recursive: true, force: true });
    if (leaks.length > 0) throw new Error(`The host's management URLs or keys were told:\n${leaks.join("\n")}`);
  }

  /** Asks the service, and holds its answer against docs/openapi.json. @param path or the whole URL. */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(new URL(path, this.url), init);
    const { status, headers } = answer;
    const body = await answer.clone().text();
    this.#answers.push([...[...headers].map((pair) => pair.join(": ")), body].join("\n"));
    heldToOpenApi(init.method ?? "GET", path, { status, header: (name) => headers.get(name) ?? undefined, body });
    return answer;
  }

  /** Asks for a build, of the sample image unless told. @returns its id. */
  async startBuild(body: object = {}, image = "aks-jumpbox"): Promise<string> {
    const answer = await this.request(`/api/images/${image}/builds`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (answer.status !== 202) throw new Error(`${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { id: string }).id;
  }

  async readBuild(id: string): Promise<BuildAnswer> {
    const answer = await this.request(`/api/builds/${id}`);
    if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as BuildAnswer;
  }

  /** Waits until the build shows what is asked for; a host that is down does not answer and is asked again. */
  async until(id: string, test: (build: BuildAnswer) => boolean): Promise<BuildAnswer> {
    for (;;) {
      const build = await this.readBuild(id);
      if (test(build)) return build;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  async receiptOf(id: string): Promise<Receipt> {
    const { receipt, detail } = await this.until(id, ({ state }) => !isUnderWayState(state));
    if (!receipt) throw new Error(`No receipt: ${detail}\n${this.log.slice(-30).join("\n")}`);
    return receipt;
  }

  async archivedText(name: string): Promise<string> {
    return (await this.archivedBlob(name).downloadToBuffer()).toString("utf8");
  }

  async #archivedTexts(): Promise<[name: string, text: string][]> {
    const texts: [name: string, text: string][] = [];
    const archive = this.container("archive");
    for await (const { name, properties } of archive.listBlobsFlat()) {
      // A log that a test has made huge takes long to read, and is the local Azure's own words.
      if ((properties.contentLength ?? 0) < 16 * 1024 * 1024) texts.push([name, await this.archivedText(name)]);
    }
    return texts;
  }

  /** A blob of the service's own, to change behind its back. */
  archivedBlob(name: string): BlockBlobClient {
    return this.container("archive").getBlockBlobClient(name);
  }

  /** A container of the storage account that the archive is in. */
  container(name: string): ContainerClient {
    return BlobServiceClient.fromConnectionString(azuriteConnectionString(this.#storagePort)).getContainerClient(name);
  }

  /** What of a build of ours is in the local Azure. */
  async traces(): Promise<Traces> {
    const { resources, roleAssignments, resourceGroups, runningBuilds } = (await this.control(
      "GET",
      "state",
    )) as CloudState;
    const count = (type: string) => resources.filter((resource) => resource.type === type).length;
    const leased = [
      landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE,
      landscapeSettings.GOLDSMITH_SOURCE_READING_ROLE,
      BLOB_CONTRIBUTOR,
      BLOB_READER,
      landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE,
    ];
    const known = landscape.resourceGroups.map(({ name }) => name);
    return {
      grants: roleAssignments.filter(
        ({ properties: { principalId, roleDefinitionId } }) =>
          principalId === builderIdentity.principalId && leased.some((role) => roleDefinitionId.endsWith(role)),
      ).length,
      templates: count("Microsoft.VirtualMachineImages/imageTemplates"),
      otherGroups: resourceGroups.map(({ name }) => name).filter((name) => !known.includes(name)),
      runningBuilds: runningBuilds.length,
      versions: count("Microsoft.Compute/galleries/images/versions"),
    };
  }

  /** A call of Azure with the rights of the subscription's owner, to change the ground under the service. */
  async asOperator(method: string, path: string, body?: unknown): Promise<unknown> {
    const { azure } = this.#stack;
    const token = await tokenFrom(azure, operatorIdentity);
    return this.#https(method, `${azure.url}${path}`, body, { Authorization: `Bearer ${token}` });
  }

  /** Makes something as the operator, and waits until Azure has made it. */
  async makeAsOperator(path: string, body: unknown): Promise<void> {
    await this.asOperator("PUT", path, body);
    for (;;) {
      const { properties } = (await this.asOperator("GET", path)) as { properties?: { provisioningState?: string } };
      if (properties?.provisioningState === "Succeeded") return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** What the local Azure has been asked so far, blobs and tokens included. */
  async requests(): Promise<SeenRequest[]> {
    return ((await this.control("GET", "requests")) as { requests: SeenRequest[] }).requests;
  }

  control(method: string, what: string, body?: unknown): Promise<unknown> {
    return this.#https(method, `${this.#stack.azure.url}/_control/${what}`, body);
  }

  #https(method: string, url: string, body: unknown, more: Record<string, string> = {}): Promise<unknown> {
    const ca = readFileSync(this.#stack.azure.caFile, "utf8");
    const headers = { "Content-Type": "application/json", ...more };
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(url, { method, ca, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if ((answer.statusCode ?? 500) >= 300) reject(new Error(`${method} ${url}: ${answer.statusCode} ${text}`));
          else resolve(text ? JSON.parse(text) : undefined);
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/**
 * Ports that this process chooses from: below those that the system gives to connections, which may take one between its
 * being chosen and its being listened at, and others than those of processes that were started about the same time.
 */
const PORTS = { first: 20_000 + (process.pid % 50) * 240, count: 240 };
let chosenPorts = 0;

/** The first of `count` free ports in a row; one that has been chosen before comes again as late as can be. */
export async function freePort(count = 1): Promise<number> {
  for (;;) {
    if (chosenPorts + count > PORTS.count) chosenPorts = 0;
    const first = PORTS.first + chosenPorts;
    chosenPorts += count;
    const row = Array.from({ length: count }, (_, index) => first + index);
    if ((await Promise.all(row.map(isFree))).every(Boolean)) return first;
  }
}
