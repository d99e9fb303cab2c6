import { z } from "zod";
import { AzureError } from "../arm/errors.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import type { Json } from "../store/state.ts";
import { IDENTITY_TYPE } from "./principals.ts";
import { apiVersions } from "./userAssignedIdentities.ts";

const shape = z.looseObject({
  properties: z.looseObject({ issuer: z.string(), subject: z.string(), audiences: z.array(z.string()) }),
});

/** Whose tokens of other issuers stand for an identity. Nothing here exchanges such tokens. */
export const federatedIdentityCredentials: ResourceType = {
  type: `${IDENTITY_TYPE}/federatedIdentityCredentials`,
  apiVersions: apiVersions.filter((version) => version >= "2022-01-31"),
  shape,
  check(_azure, { name }) {
    if (/^[A-Za-z0-9][\w-]{2,119}$/.test(name)) return;
    throw new AzureError(400, "BadRequest", `The name '${name}' of the federated identity credential is not valid.`);
  },
  complete(_azure, { body }) {
    const { provisioningState: _, ...properties } = body.properties as Json;
    body.properties = properties;
  },
};
