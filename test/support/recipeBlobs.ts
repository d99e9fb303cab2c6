import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { azuriteConnectionString } from "../../local/stack/azurite.ts";
import { recipeContainer } from "../../src/azure/recipeContainer.ts";
import type { AskCatalogue } from "../../src/domain/recipes/catalogue.ts";
import type { Installation } from "../../src/domain/recipes/recipeFiles.ts";
import { createBlobStore } from "./simulation/blobStore.ts";
import { type Answer, blobHttpClientOf, type Call, type Server } from "./simulation/transport.ts";

function open(answer: Server): ContainerClient {
  const service = BlobServiceClient.fromConnectionString(azuriteConnectionString(10_000), {
    httpClient: blobHttpClientOf(answer),
    retryOptions: { maxTries: 1 },
  });
  return service.getContainerClient("recipes");
}

/** A container of recipes in memory. */
export class RecipeBlobs {
  readonly container: ContainerClient;
  /** What the storage was asked for, as `GET aks-jumpbox.yaml` or `LIST`; writes of tests are not among it. */
  asked: string[] = [];
  /** What the storage answers instead, where a test has it fail. */
  answerInstead: (call: Call) => Promise<Answer | undefined> | undefined = () => undefined;
  /** What a test does before the storage answers a request. */
  meanwhile: (call: Call) => Promise<void> = () => Promise.resolve();
  readonly #writing: ContainerClient;
  #time = Date.parse("2026-01-15T02:00:00Z");

  private constructor() {
    const store = createBlobStore(() => this.#time);
    this.#writing = open((call) => Promise.resolve(store.answer(call)));
    this.container = open(async (call) => {
      const [, , , ...name] = call.url.pathname.split("/");
      this.asked.push(name.length > 0 ? `GET ${name.join("/")}` : "LIST");
      await this.meanwhile(call);
      return this.answerInstead(call) ?? store.answer(call);
    });
  }

  static async create(files: Record<string, string>): Promise<RecipeBlobs> {
    const blobs = new RecipeBlobs();
    await blobs.#writing.create();
    for (const [name, text] of Object.entries(files)) await blobs.write(name, text);
    return blobs;
  }

  /** The container as the service reads it. */
  catalogue(installation: Installation = {}): AskCatalogue {
    return recipeContainer(this.container, installation, () => this.#time);
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(content);
    await this.#writing.getBlockBlobClient(name).upload(bytes, bytes.length);
  }

  async remove(name: string): Promise<void> {
    await this.#writing.getBlobClient(name).delete();
  }

  /** Lets time pass; and what was asked before is forgotten. */
  pass(seconds: number): void {
    this.#time += seconds * 1000;
    this.asked = [];
  }
}
