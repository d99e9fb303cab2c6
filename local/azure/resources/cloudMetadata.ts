import { armErrors } from "../arm/errors.ts";
import { type ArmAnswer, ok } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { HttpRequest } from "../server/http.ts";
import type { Json } from "../store/state.ts";

export const isCloudMetadata = (path: string) => /^\/metadata\/endpoints\/?$/i.test(path);

const LOGIN = "https://login.microsoftonline.com/";
const AUDIENCES = ["https://management.core.windows.net/", "https://management.azure.com/"];
/** Since then the answer is a list of clouds, before it was the endpoints of one. */
const LIST_SINCE = "2018-05-01";

/** Where the parts of this cloud are, which clients read before they have a token. */
export function cloudMetadata({ origin }: Azure, { method, query }: HttpRequest): ArmAnswer {
  if (method !== "GET") throw armErrors.HttpMethodNotSupported(method);
  const version = query.get("api-version");
  if (!version) throw armErrors.MissingApiVersionParameter();
  const cloud: Json = {
    portal: "https://portal.azure.com",
    authentication: { loginEndpoint: LOGIN, audiences: AUDIENCES, tenant: "common", identityProvider: "AAD" },
    graphAudience: "https://graph.windows.net/",
    graph: "https://graph.windows.net/",
    name: "AzureCloud",
    suffixes: { storage: "core.windows.net", keyVaultDns: "vault.azure.net", acrLoginServer: "azurecr.io" },
    resourceManager: `${origin}/`,
    gallery: "https://gallery.azure.com/",
  };
  if (version >= LIST_SINCE) return ok([cloud]);
  const endpoints = { galleryEndpoint: cloud.gallery, graphEndpoint: cloud.graph, portalEndpoint: cloud.portal };
  return ok({ ...endpoints, authentication: { loginEndpoint: LOGIN, audiences: AUDIENCES } });
}
