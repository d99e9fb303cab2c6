import type { LongRunning } from "../arm/resourceType.ts";

/** Microsoft.Compute tells status and result under one path; `monitor=true` asks for the result. */
const under = (operations: string): LongRunning => ({
  status: `Microsoft.Compute/locations/${operations}`,
  results: `Microsoft.Compute/locations/${operations}`,
  created: 201,
  creating: "Creating",
  deletes: true,
});

/** Galleries, definitions, versions: recordings of azure-cli, test_gallery_soft_delete and others. */
export const galleryWrites: LongRunning = {
  ...under("capsOperations"),
  headers: { "azure-asyncnotification": "Enabled" },
};
/** Managed images and virtual machines. */
export const computeWrites = under("operations");
/** A disk's PUT is 202. */
export const diskWrites: LongRunning = { ...under("diskOperations"), created: 202, creating: "Updating" };
