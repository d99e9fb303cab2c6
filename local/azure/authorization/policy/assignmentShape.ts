import { z } from "zod";

/** What the body of a policy assignment must look like, by its specification. */
export const assignmentShape = z.looseObject({
  properties: z.looseObject({
    policyDefinitionId: z.string(),
    displayName: z.string().optional(),
    description: z.string().optional(),
    notScopes: z.array(z.string()).optional(),
    parameters: z.record(z.string(), z.looseObject({ value: z.unknown() })).optional(),
    metadata: z.looseObject({}).optional(),
    enforcementMode: z.enum(["Default", "DoNotEnforce"]).optional(),
    nonComplianceMessages: z.array(z.looseObject({ message: z.string() })).optional(),
  }),
});
