import { matchHost } from "./hostNames.ts";
import { either, type Match } from "./match.ts";

/** Names that Microsoft publishes for a tag of Azure Firewall's; it may hold more of Microsoft's. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  windowsupdate: ["*.windowsupdate.com", "*.update.microsoft.com", "*.windowsupdate.microsoft.com"],
  azurekubernetesservice: [
    "mcr.microsoft.com",
    "*.data.mcr.microsoft.com",
    "management.azure.com",
    "packages.microsoft.com",
  ],
};

const MICROSOFT = ["microsoft.com", "microsoftonline.com", "windows.com", "windows.net", "windowsupdate.com"].concat([
  "azure.com",
  "azure.net",
  "azureedge.net",
  "azurefd.net",
  "msedge.net",
  "office.com",
  "office365.com",
  "aka.ms",
]);

/** Whether a tag of Azure Firewall's holds a host name: those of others than Microsoft it never does. */
export function fqdnTagHolds(tag: string, name: string): Match {
  const known = either((NAMES[tag.toLowerCase()] ?? []).map((pattern) => matchHost(pattern, name)));
  if (known === "all") return "all";
  const bare = name.replace(/^\*\.?/, "");
  const isMicrosofts = MICROSOFT.some((domain) => bare === domain || bare.endsWith(`.${domain}`));
  return isMicrosofts ? "unknown" : known;
}
