import * as z from "zod";
import { absoluteId, sameId } from "../resourceId.ts";
import { idOf } from "./fields.ts";
import { scriptTypeOf } from "./scriptType.ts";

const MOST_SECRETS = 20;

/** Names of devices are no files on Windows. */
const name = z.string().regex(/^(?!(?:CON|PRN|AUX|NUL|COM\d|LPT\d)$)[A-Z][A-Z0-9_]{0,39}$/, {
  error: "takes 1 to 40 of A-Z, 0-9 and _, a letter first, as variables of the environment are called",
});

const secret = z.strictObject({
  vault: z
    .string()
    .regex(/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/, {
      error: "takes a vault's name: 3 to 24 letters, digits and single hyphens, a letter first",
    })
    .describe("The key vault's name.")
    .meta({ examples: ["kv-builds"] }),
  name: z
    .string()
    .regex(/^[0-9a-zA-Z-]{1,127}$/, { error: "takes a secret's name: 1 to 127 letters, digits and hyphens" })
    .describe("What the secret is called in the vault.")
    .meta({ examples: ["api-token"] }),
  version: z
    .string()
    .regex(/^[0-9a-f]{32}$/, { error: "takes a version's 32 hexadecimal digits in lower case" })
    .exactOptional()
    .describe("One version of it; the newest unless told.")
    .meta({ examples: ["4387e9f3d6e14c459867679a90fd0f79"] }),
  identity: idOf("Microsoft.ManagedIdentity/userAssignedIdentities")
    .exactOptional()
    .describe("Which of `vmProfile.userAssignedIdentities` reads it; needed where there are several."),
});

export const secrets = z.record(name, secret).refine((all) => Object.keys(all).length <= MOST_SECRETS, {
  error: `takes at most ${MOST_SECRETS} secrets`,
});

type Secrets = z.infer<typeof secrets>;

interface WithSecrets {
  secrets: Secrets;
  customize: readonly { type: string }[];
  vmProfile: { userAssignedIdentities?: readonly string[] };
}

/** What secrets ask of a recipe's other fields. */
export function checkSecrets(
  { secrets: all, customize, vmProfile: { userAssignedIdentities: identities = [] } }: WithSecrets,
  context: z.RefinementCtx<WithSecrets>,
): void {
  const fault = (path: string[], message: string) => context.addIssue({ code: "custom", path, message });
  if (Object.keys(all).length === 0) return;
  if (scriptTypeOf(customize) === undefined) {
    fault(["secrets"], "are read by nothing: customize has neither a Shell step nor a PowerShell step");
  }
  if (identities.length === 0) {
    fault(
      ["secrets"],
      "need an identity that reads them on the build VM: name one in vmProfile.userAssignedIdentities",
    );
    return;
  }
  for (const [of, { identity }] of Object.entries(all)) {
    if (identity === undefined && identities.length > 1) {
      fault(["secrets", of], "needs an identity: the one of vmProfile.userAssignedIdentities that may read it");
    }
    if (identity !== undefined && !identities.some((one) => sameId(one, identity))) {
      fault(["secrets", of, "identity"], "must be one of vmProfile.userAssignedIdentities, written alike");
    }
  }
}

/** Where a secret lies, which identity of the build VM reads it, and the file on it that has its value. */
export interface SecretReference {
  file: string;
  vault: string;
  name: string;
  version?: string;
  /** Resource id. */
  identity: string;
}

export function secretReferences({ secrets: all, vmProfile }: WithSecrets, subscriptionId: string): SecretReference[] {
  const { userAssignedIdentities: identities = [] } = vmProfile;
  const [first = ""] = identities;
  // As it is put onto the machine: nobody has told whether its metadata service minds case.
  const asPut = (identity: string) => identities.find((one) => sameId(one, identity)) ?? identity;
  return Object.entries(all).map(([file, { vault, name, version, identity = first }]) => ({
    file,
    vault: vault.toLowerCase(),
    name,
    ...(version === undefined ? {} : { version }),
    identity: absoluteId(asPut(identity), subscriptionId),
  }));
}

/** Names of the hosts that they are asked of, at port 443. */
export function vaultHosts(references: readonly SecretReference[]): string[] {
  return [...new Set(references.map(({ vault }) => `${vault}.vault.azure.net`))];
}
