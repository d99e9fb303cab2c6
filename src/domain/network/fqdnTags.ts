import { matchHost } from "./hostNames.ts";
import { either, type Match } from "./match.ts";

/**
 * Names that tags of Azure Firewall's are known to hold. WindowsUpdate is documented as what Configuration Manager's
 * page on firewalls for software updates lists (azure-docs, firewall/fqdn-tags), AzureKubernetesService as all that its
 * page on egress lists (azure-docs, aks/limit-egress-traffic). Tags may hold more, and are kept up by Microsoft.
 */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  windowsupdate: [
    "*.windowsupdate.com",
    "*.update.microsoft.com",
    "windowsupdate.microsoft.com",
    "*.windowsupdate.microsoft.com",
  ],
  azurekubernetesservice: [
    "mcr.microsoft.com",
    "*.data.mcr.microsoft.com",
    "management.azure.com",
    "login.microsoftonline.com",
    "packages.microsoft.com",
    "acs-mirror.azureedge.net",
  ],
};

/** Tags of Windows' own services, by the same page: others need names of Ubuntu's, of certifiers and so on as well. */
const OF_WINDOWS = ["windowsupdate", "windowsdiagnostics", "microsoftactiveprotectionservice"];

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

/** Whether a tag of Azure Firewall's holds a host name: one that it is not known to hold, it mostly may hold. */
export function fqdnTagHolds(tag: string, name: string): Match {
  const known = either((NAMES[tag.toLowerCase()] ?? []).map((pattern) => matchHost(pattern, name)));
  if (known === "all") return "all";
  const bare = name.replace(/^\*\.?/, "");
  const isMicrosofts = MICROSOFT.some((domain) => bare === domain || bare.endsWith(`.${domain}`));
  return isMicrosofts || !OF_WINDOWS.includes(tag.toLowerCase()) ? "unknown" : known;
}
