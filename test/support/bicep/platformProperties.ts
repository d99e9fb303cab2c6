import { v5 as uuidv5 } from "uuid";

type Properties = Record<string, unknown>;

const idOf = (text: string) => uuidv5(text.toLowerCase(), uuidv5.URL);
const nameOf = (id: string) => id.slice(id.lastIndexOf("/") + 1);

/** What Azure itself says of a resource once it is there, as far as infra/ reads it. */
const BY_TYPE: Record<string, (id: string) => Properties> = {
  "Microsoft.ManagedIdentity/userAssignedIdentities": (id) => ({
    principalId: idOf(`${id} principal`),
    clientId: idOf(`${id} client`),
  }),
  "Microsoft.Storage/storageAccounts": (id) => ({
    primaryEndpoints: { blob: `https://${nameOf(id)}.blob.core.windows.net/` },
  }),
  "Microsoft.Insights/components": (id) => ({ ConnectionString: `InstrumentationKey=${idOf(id)}` }),
  "Microsoft.Web/sites": (id) => ({ defaultHostName: `${nameOf(id)}.azurewebsites.net` }),
  "Microsoft.DurableTask/schedulers": (id) => ({ endpoint: `https://${nameOf(id)}.durabletask.io` }),
};

export function platformProperties(type: string, id: string): Properties {
  return BY_TYPE[type]?.(id) ?? {};
}
