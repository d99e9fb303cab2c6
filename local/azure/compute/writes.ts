import type { LongRunning } from "../arm/resourceType.ts";

/** Of galleries: from the first in which a version says what it is made of as it does today. */
const galleryVersions = (
  "2019-07-01 2019-12-01 2020-09-30 2021-07-01 2021-10-01 2022-01-03 2022-03-03 2022-08-03 2023-07-03 " +
  "2024-03-03 2025-03-03 2025-12-03 2026-03-03"
).split(" ");

/** Virtual machines, managed images. */
export const computeVersions = (
  "2017-03-30 2017-12-01 2018-04-01 2018-06-01 2018-10-01 2019-03-01 2019-07-01 2019-12-01 2020-06-01 2020-12-01 " +
  "2021-03-01 2021-04-01 2021-07-01 2021-11-01 2022-03-01 2022-08-01 2022-11-01 2023-03-01 2023-07-01 2023-09-01 " +
  "2024-03-01 2024-07-01 2024-11-01 2025-04-01 2025-11-01 2026-03-01 2026-04-01"
).split(" ");

const diskVersions =
  "2019-07-01 2020-12-01 2021-12-01 2022-07-02 2023-04-02 2023-10-02 2024-03-02 2025-01-02 2026-03-02".split(" ");

/** Microsoft.Compute tells status and result under one path; `monitor=true` asks for the result. */
const under = (operations: string): LongRunning => ({
  status: `Microsoft.Compute/locations/${operations}`,
  results: `Microsoft.Compute/locations/${operations}`,
  created: 201,
  creating: "Creating",
  deletes: true,
});

/** Galleries, definitions, versions: recordings of azure-cli, test_gallery_soft_delete and others. */
const galleryWrites: LongRunning = {
  ...under("capsOperations"),
  headers: { "azure-asyncnotification": "Enabled" },
};
/** Managed images and virtual machines. */
const computeWrites = under("operations");
/** A disk's PUT is 202. */
const diskWrites: LongRunning = { ...under("diskOperations"), created: 202, creating: "Updating" };

const shared = { tracked: true, patchesProperties: true };
/** What types have in common whose versions and operations are the same. */
export const ofGallery = { apiVersions: galleryVersions, longRunning: galleryWrites, ...shared };
export const ofCompute = { apiVersions: computeVersions, longRunning: computeWrites, ...shared };
export const ofDisk = { apiVersions: diskVersions, longRunning: diskWrites, ...shared };
