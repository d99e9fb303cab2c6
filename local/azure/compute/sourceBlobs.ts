import { AzureError } from "../arm/errors.ts";
import { regionName } from "../arm/regions.ts";
import type { Azure } from "../azure.ts";
import { type Blob, containersOf, findAccount, namesInBlobUri } from "../storage/storageAccounts.ts";
import { findResource } from "../store/resources.ts";
import { lookUp } from "../store/lookUp.ts";
import type { Json, StoredResource } from "../store/state.ts";

const invalid = (target: string, message: string) => new AzureError(400, "InvalidParameter", message, {}, { target });

interface OsDisk {
  blobUri?: string;
}

const osDiskOf = ({ properties }: Json): OsDisk =>
  ((properties as Json).storageProfile as { osDisk?: OsDisk } | undefined)?.osDisk ?? {};

/**
 * Whether a managed image can be made of the blob that it names: a VHD as a page blob, at the top of a container, in an
 * account of the image's region and subscription. That blob may go afterwards.
 */
export function checkSourceBlob(azure: Azure, { id, body }: StoredResource): void {
  const before = findResource(azure, id);
  const { blobUri } = osDiskOf(body);
  if (before) {
    if (osDiskOf(before.body).blobUri === blobUri) return;
    const target = "storageProfile.osDisk.blobUri";
    const message = `Changing property '${target}' is not allowed.`;
    throw new AzureError(409, "PropertyChangeNotAllowed", message, {}, { target });
  }
  if (blobUri === undefined) return;
  const { hyperVGeneration } = body.properties as { hyperVGeneration?: string };
  if (!hyperVGeneration) {
    throw invalid("hyperVGeneration", "Required parameter 'hyperVGeneration' is missing (null).");
  }
  if (URL.parse(blobUri)?.protocol !== "https:") {
    throw invalid("disk.blobUri", `The URI ${blobUri} does not look to be correct blob URI.`);
  }
  const [account = "", container = "", name = "", ...more] = namesInBlobUri(azure, blobUri);
  if (more.length > 0) {
    const message = `The blob name in URL ${blobUri} contains a slash. This is presently not supported for disks.`;
    throw invalid("disk.blobUri", message);
  }
  if (!name.endsWith(".vhd")) {
    throw invalid("disk.blobUri", `Blob name in URL ${blobUri} must end with ".vhd" extension.`);
  }
  const found = findAccount(azure, account);
  const blob = found && lookUp(lookUp(containersOf(found), container)?.blobs ?? {}, name);
  if (!found || !blob) throw invalid("disks", `The source blob ${blobUri} is not accessible.`);
  const [, , subscription = ""] = id.split("/");
  if (found.id.split("/")[2]?.toLowerCase() !== subscription.toLowerCase()) {
    const message = `The source blob ${blobUri} does not belong to a storage account in subscription ${subscription}.`;
    throw invalid("disks", message);
  }
  if (regionName(String(found.body.location)) !== regionName(String(body.location))) {
    throw invalid("disks", `The source blob ${blobUri} does not belong to the same region as the disk.`);
  }
  if (!isVhd(blob)) throw invalid("disks", "Only blobs formatted as VHDs can be imported.");
}

/** Whether it is a page blob with the cookie of a VHD's footer. */
const isVhd = ({ isPageBlob, lines }: Blob) => isPageBlob === true && lines.some(({ text }) => text === VHD_COOKIE);

/** What a VHD's footer begins with. */
const VHD_COOKIE = "conectix";

/** A disk of a few bytes: with the cookie that a VHD ends with. */
export const smallVhd = ({ now }: Pick<Azure, "now">): Blob => ({
  createdAt: now,
  contentType: "application/octet-stream",
  isPageBlob: true,
  lines: [{ at: now, text: VHD_COOKIE }],
});
