import { createHash } from "node:crypto";
import { accessOf } from "../authorization/access.ts";
import type { Azure } from "../azure.ts";
import { bytesOf } from "../storage/blobContent.ts";
import { containersOf, findAccount, isPublic, letsIn, namesInBlobUri } from "../storage/storageAccounts.ts";
import { lookUp } from "../store/lookUp.ts";
import type { Problem } from "./creationChecks.ts";
import { fetchedBy } from "./goesWrong.ts";
import { type Template, templatePrincipal } from "./templateState.ts";

const READ_BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";

/**
 * Scripts and files are fetched as the template is made: from this Azure's storage accounts as the template's identity,
 * and held against their checksums. What lies elsewhere is only told apart by whether it is on the Internet.
 */
export function scriptProblem(azure: Azure, template: Template): Problem | undefined {
  const { customize, validate } = template.body.properties;
  for (const { uri, sha256Checksum, isFile } of fetchedBy([
    ...(customize ?? []),
    ...(validate?.inVMValidations ?? []),
  ])) {
    const bytes = download(azure, template, uri, isFile);
    if (bytes === "unavailable") {
      const message = `Resource ${uri} is unavailable. Please check the file exists and is accessible.`;
      return { code: "NoCustomizerScript", message };
    }
    if (bytes === "elsewhere" || !sha256Checksum) continue;
    if (createHash("sha256").update(bytes).digest("hex") !== sha256Checksum.toLowerCase()) {
      const message = `The SHA256 checksum of ${uri} does not match the sha256Checksum of the customizer.`;
      return { code: "Other", message };
    }
  }
  return undefined;
}

/** Of a file that lies in Azure Storage the identity has to have the right, public or not. */
function download(
  azure: Azure,
  template: Template,
  uri: string,
  isFile: boolean,
): Buffer | "unavailable" | "elsewhere" {
  const [account = "", name = "", ...blob] = namesInBlobUri(azure, uri).map(decodeURIComponent);
  const found = findAccount(azure, account);
  if (!found) return isOnTheInternet(uri) ? "elsewhere" : "unavailable";
  const { containerInstanceSubnetId } = template.body.properties.vmProfile?.vnetConfig ?? {};
  const container = lookUp(containersOf(found), name);
  const there = container && lookUp(container.blobs, blob.join("/"));
  if (!there || !letsIn(found, containerInstanceSubnetId ?? undefined)) return "unavailable";
  const scope = `${found.id}/blobServices/default/containers/${name}`;
  const principalId = templatePrincipal(azure, template) ?? "";
  const { kind } = accessOf(azure, { principalId, action: READ_BLOBS, scope, data: true });
  const isOpen = !isFile && isPublic(azure, found, scope);
  return kind === "allowed" || isOpen ? bytesOf(azure, there) : "unavailable";
}

function isOnTheInternet(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname } = new URL(uri);
  const inside = /^(10|127|169\.254|172\.(1[6-9]|2\d|3[01])|192\.168)\.|^\[|^[^.]*$|\.(internal|local)$/;
  return /^https?:$/.test(protocol) && !inside.test(hostname);
}
