import { describe, expect, it } from "vitest";
import { archiveFaultsIn, noteFaults } from "../../../src/azure/archiveFaults.ts";
import { advise } from "../../../src/domain/advice.ts";
import { StepDelayed, StepFailed } from "../../../src/domain/failure.ts";

const refused = (code: string) => new StepFailed(advise(code, ""));
const IN_AZURE = { blobServiceUri: "https://starchive.blob.core.windows.net" };

/** The settings that are told once an archive has thrown this. */
function told(error: Error, where: Parameters<typeof noteFaults>[0] = IN_AZURE): string[] {
  noteFaults(where)(error);
  return archiveFaultsIn(error).map(({ setting }) => setting);
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
  ])("%s tells the setting", (_, error, setting) => {
    expect(told(error)).toEqual([setting]);
  });

  it("that takes no key tells the setting that has it", () => {
    const where = { connectionString: "UseDevelopmentStorage=true" };
    expect(told(refused("AuthenticationFailed"), where)).toEqual(["GOLDSMITH_ARCHIVE"]);
  });

  it.each([new StepDelayed("ServerBusy: x", 10), new Error("read ECONNRESET"), refused("InvalidBlobOrBlock")])(
    "that does not answer just now, or refuses one thing, tells nothing of the settings: %s",
    (error) => {
      expect(told(error)).toEqual([]);
    },
  );
});
