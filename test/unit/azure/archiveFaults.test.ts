import { describe, expect, it } from "vitest";
import { archiveFaultsIn, withFaults } from "../../../src/azure/archiveFaults.ts";
import { advise } from "../../../src/domain/advice.ts";
import { StepDelayed, StepFailed } from "../../../src/domain/failure.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const refused = (code: string) => new StepFailed(advise(code, ""));
const IN_AZURE = { blobServiceUri: "https://starchive.blob.core.windows.net" };

/** What is told of the settings by an archive that throws this. */
async function told(error: Error, where: Parameters<typeof withFaults>[1] = IN_AZURE) {
  const readJson = () => Promise.reject(error);
  const archive = withFaults({ ...(await memoryArchive()), readJson }, where);
  const thrown = await archive.readJson("x").catch((one: unknown) => one);
  expect(thrown).toBe(error);
  return archiveFaultsIn(thrown).map(({ setting }) => setting);
}

describe("an archive", () => {
  it.each<[string, Error, setting: string]>([
    ["whose container is not there", refused("ContainerNotFound"), "GOLDSMITH_ARCHIVE_CONTAINER"],
    ["that gives no right", refused("AuthorizationPermissionMismatch"), "GOLDSMITH_ARCHIVE__blobServiceUri"],
    ["behind a firewall", refused("AuthorizationFailure"), "GOLDSMITH_ARCHIVE__blobServiceUri"],
    [
      "whose account is not there",
      new Error("getaddrinfo ENOTFOUND starchive.blob.core.windows.net"),
      "GOLDSMITH_ARCHIVE__blobServiceUri",
    ],
  ])("%s tells the setting", async (_, error, setting) => {
    expect(await told(error)).toEqual([setting]);
  });

  it("that takes no key tells the setting that has it", async () => {
    const where = { connectionString: "UseDevelopmentStorage=true" };
    expect(await told(refused("AuthenticationFailed"), where)).toEqual(["GOLDSMITH_ARCHIVE"]);
  });

  it.each([new StepDelayed("ServerBusy: x", 10), new Error("read ECONNRESET"), refused("InvalidBlobOrBlock")])(
    "that does not answer just now, or refuses one thing, tells nothing of the settings: %s",
    async (error) => {
      expect(await told(error)).toEqual([]);
    },
  );
});
