import { parseResourceId, sameId } from "./resourceId.ts";

const BLOB = /^(?<account>[a-z0-9]{3,24})\.blob\.core\.windows\.net$/i;

/** What the URL of a blob in Azure Storage leads to. A blob without a folder before it is in the root container. */
export interface BlobPlace {
  account: string;
  container: string;
}

/** @returns undefined for any other URL. */
export function placeOfBlob(url: string): BlobPlace | undefined {
  const { hostname = "", pathname = "" } = URL.parse(url) ?? {};
  const { account } = BLOB.exec(hostname)?.groups ?? {};
  if (account === undefined) return undefined;
  const [container = "", blob] = pathname.slice(1).split("/");
  return { account, container: blob === undefined ? "$root" : container };
}

/**
 * The container that a blob's URL leads to, among resources: a URL tells neither subscription nor resource group, so that
 * only a container which is listed by its whole id is found. Names of accounts are unique in all of Azure.
 */
export function containerAmong(ids: readonly string[], url: string): string | undefined {
  const place = placeOfBlob(url);
  if (!place) return undefined;
  return ids.find((id) => {
    const [account, , container] = containerNames(id) ?? [];
    return account !== undefined && sameId(account, place.account) && sameId(container ?? "", place.container);
  });
}

/** The URL of a container that is named by its id, without a slash at its end. */
export function containerUrl(id: string): string {
  const [account = "", , container = ""] = containerNames(id) ?? [];
  return `https://${account.toLowerCase()}.blob.core.windows.net/${container}`;
}

/** The id of the storage account that a container is in. */
export function accountOfContainer(id: string): string {
  return id.split("/").slice(0, 9).join("/");
}

export function isContainerId(id: string): boolean {
  return containerNames(id) !== undefined;
}

/** Of account, blob service and container. */
function containerNames(id: string): string[] | undefined {
  const { type, names } = parseResourceId(id) ?? {};
  return type?.toLowerCase() === "microsoft.storage/storageaccounts/blobservices/containers" ? names : undefined;
}
