import { z } from "zod";
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
  complete(_azure, { body }) {
    const { provisioningState: _, ...properties } = body.properties as Json;
    body.properties = properties;
  },
};
