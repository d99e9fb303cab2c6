import { expect, it } from "vitest";
import { receiptActivities } from "../../src/activities/receipt.ts";
import type { ArchivedLog } from "../../src/domain/receipt.ts";
import { memoryArchive } from "../support/simulation/memoryArchive.ts";

const build = { image: "aks-jumpbox", buildId: "aks-jumpbox-20260115-020000-test" };
const log: ArchivedLog = { kind: "archived", files: [{ name: "customization.log", url: "x", bytes: 1, sha256: "y" }] };
const imageVersions = ["/versions/1.0.0"];
const NAME = "builds/aks-jumpbox/aks-jumpbox-20260115-020000-test/orphan.json";

it("unlearns nothing of a dead build when a second sweep finds its template gone", async () => {
  const archive = await memoryArchive();
  const { noteOrphan } = receiptActivities(
    archive,
    () => Promise.resolve(),
    () => {},
  );
  await noteOrphan({ ...build, log: undefined, imageVersions: [] });
  await noteOrphan({ ...build, log, imageVersions });
  await noteOrphan({ ...build, log: { kind: "lost", why: "There is no template." }, imageVersions: [] });
  await noteOrphan({ ...build, log: undefined, imageVersions: undefined });
  expect((await archive.readJson(NAME))?.value).toMatchObject({ log, imageVersions });
});
