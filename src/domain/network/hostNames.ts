import type { Match } from "./match.ts";

/**
 * Whether a pattern holds a host name. Both may begin with `*`, which stands for whatever comes before: as Azure
 * Firewall takes it in application rules, and recipes in their lists of names.
 */
export function matchHost(pattern: string, name: string): Match {
  const [held, asked] = [pattern.toLowerCase(), name.toLowerCase()];
  if (held === "*") return "all";
  if (held.startsWith("*")) {
    const suffix = held.slice(1);
    if (asked.replace(/^\*/, "").endsWith(suffix)) return "all";
    // *.example.com and *.eu.example.com have names in common.
    return asked.startsWith("*") && suffix.endsWith(asked.slice(1)) ? "some" : "none";
  }
  if (held === asked) return "all";
  return asked.startsWith("*") && held.endsWith(asked.slice(1)) ? "some" : "none";
}

/**
 * Service tags by the host names whose every address they stand for, by Microsoft's table of service tags. Names whose
 * tag holds a part of them only have none: Service Bus beside its premium tier, Microsoft's container registry behind
 * Front Door, SQL with its managed instances.
 */
const TAGS: readonly [pattern: string, tag: string][] = [
  ["*.blob.core.windows.net", "Storage"],
  ["*.file.core.windows.net", "Storage"],
  ["*.queue.core.windows.net", "Storage"],
  ["*.table.core.windows.net", "Storage"],
  ["*.dfs.core.windows.net", "Storage"],
  ["management.azure.com", "AzureResourceManager"],
  ["login.microsoftonline.com", "AzureActiveDirectory"],
  ["login.windows.net", "AzureActiveDirectory"],
  ["*.vault.azure.net", "AzureKeyVault"],
  ["*.azurecr.io", "AzureContainerRegistry"],
];

/** @returns the service tag that covers a host name, in Azure's spelling; undefined where none does. */
export function tagOfHost(name: string): string | undefined {
  return TAGS.find(([pattern]) => matchHost(pattern, name) === "all")?.[1];
}
