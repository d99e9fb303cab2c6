import { describe } from "vitest";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import { scripts } from "../../../../src/domain/preflight/scripts.ts";
import type { Recipe } from "../../../../src/domain/recipes/schema.ts";
import { found, ground, networkId, planOf, refused } from "../../../support/ground.ts";
import { longScriptPlan } from "../../../support/longScriptPlan.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

type Step = Recipe["customize"][number];
const sha256Checksum = "a".repeat(64);
const building = (step: Step, more: Partial<Ground> = {}): Ground =>
  ground({ plan: planOf({}, { customize: [step] }), ...more });
const script = (scriptUri: string, changes: Partial<Step & { type: "Shell" }> = {}, more: Partial<Ground> = {}) =>
  building({ type: "Shell", name: "script", scriptUri, sha256Checksum, ...changes }, more);
const file = (sourceUri: string, destination = "/tmp/file", more: Partial<Ground> = {}) =>
  building({ type: "File", name: "file", sourceUri, destination, sha256Checksum }, more);

const PUBLIC = "https://raw.githubusercontent.com/o/r/v1/install.sh";
const BLOB = "https://scripts1.blob.core.windows.net/public/install.sh";
const group = `${networkId.split("/").slice(0, 3).join("/")}/resourceGroups/rg-scripts`;
const account = (name: string) => `${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
const reading = (scope: string, roleDefinition = "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1") => ({
  builderAssignments: found("/assignments", [
    { id: "/assignment", principalId: "builder", group: undefined, scope, roleDefinition, condition: undefined },
  ]),
  acceptedGrants: ["/assignment"],
});
const custom = (dataActions: string[], notDataActions: string[] = []) => ({
  customRoles: found("/roles", [
    {
      id: "/roles/CUSTOM",
      roleName: "files",
      assignableScopes: [group],
      permissions: [{ actions: [], notActions: [], dataActions, notDataActions }],
    },
  ]),
});

function windows(): Ground["sourceImage"] {
  const { sourceImage } = ground();
  return sourceImage.kind === "found"
    ? { ...sourceImage, value: { ...sourceImage.value, operatingSystem: "Windows" } }
    : sourceImage;
}

describe("scripts and files", () =>
  ruleCases(scripts, [
    ["pass where there are none", ground()],
    ["pass on the Internet with a checksum", script(PUBLIC)],
    ["pass as files below /tmp", file(PUBLIC)],
    [
      "pass in storage that the builder reads",
      file(BLOB, "/tmp/file", reading(`${account("scripts1")}/blobServices/default/containers/public`)),
    ],
    ["pass in storage that the builder is leased to read", ground({ plan: longScriptPlan() })],
    ["cannot be told in storage where a role is on the group", file(BLOB, "/tmp/file", reading(group))],
    [
      "cannot be told in storage where roles are not shown",
      file(BLOB, "/tmp/file", { builderAssignments: refused("/assignments") }),
    ],
    ["fail without a protocol of the Internet", script("file:///srv/install.sh"), "script-unreachable"],
    ["fail at a private address", script("https://10.1.2.3/install.sh"), "script-unreachable"],
    ["fail at a private address of IPv6", script("https://[fd00::1]/install.sh"), "script-unreachable"],
    ["fail at a name without a domain", script("https://fileserver/install.sh"), "script-unreachable"],
    [
      "fail at a private endpoint",
      script("https://scripts1.privatelink.blob.core.windows.net/a"),
      "script-unreachable",
    ],
    ["are told without encryption", script("http://example.com/install.sh"), "script-not-encrypted"],
    ["are told without a checksum", building({ type: "Shell", name: "script", scriptUri: PUBLIC }), "script-unchecked"],
    ["are told in storage that the builder may not read", script(BLOB), "script-maybe-not-readable"],
    [
      "are told where it reads another account",
      script(BLOB, {}, reading(account("other"))),
      "script-maybe-not-readable",
    ],
    ["pass where it reads the whole account", script(BLOB, {}, reading(account("scripts1")))],
    [
      "are told where it reads another container of the account",
      script(BLOB, {}, reading(`${account("scripts1")}/blobServices/default/containers/other`)),
      "script-maybe-not-readable",
    ],
    [
      "pass in the root container that it reads",
      script(
        "https://scripts1.blob.core.windows.net/install.sh",
        {},
        reading(`${account("scripts1")}/blobServices/default/containers/$root`),
      ),
    ],
    [
      "pass as files that a custom role lets it read",
      file(BLOB, "/tmp/file", {
        ...reading(account("scripts1"), "custom"),
        ...custom(["Microsoft.Storage/*/blobs/read"]),
      }),
    ],
    [
      "fail as files that a custom role does not let it read",
      file(BLOB, "/tmp/file", { ...reading(account("scripts1"), "custom"), ...custom(["*"], ["*/blobs/read"]) }),
      "file-not-readable",
    ],
    [
      "cannot be told as files on which it has a role that is not shown",
      file(BLOB, "/tmp/file", { ...reading(account("scripts1"), "custom"), customRoles: refused("/roles") }),
      "file-maybe-not-readable",
    ],
    [
      "cannot be told as files in an account that may be in another subscription",
      file(BLOB),
      "file-maybe-not-readable",
    ],
    [
      "fail as files of another container in an account of the subscription",
      file(BLOB, "/tmp/file", reading(`${account("scripts1")}/blobServices/default/containers/other`)),
      "file-not-readable",
    ],
    [
      "fail as files in storage of which it has another role",
      file(BLOB, "/tmp/file", reading(account("scripts1"), "acdd72a7-3385-48ef-bd42-f606fba81ae7")),
      "file-not-readable",
    ],
    [
      "are told of those of validators and of a workload, too",
      ground({
        plan: planOf(
          {},
          {
            validate: { inVMValidations: [{ type: "Shell", scriptUri: PUBLIC }] },
            optimize: { workload: { state: "Enabled", scriptUri: PUBLIC } },
          },
        ),
      }),
      "script-unchecked",
      "script-unchecked",
    ],
    [
      "pass as files that go anywhere on Windows",
      building(
        { type: "File", name: "file", sourceUri: PUBLIC, destination: "C:\\file", sha256Checksum },
        { sourceImage: windows() },
      ),
    ],
    ["fail as files that go elsewhere", file(PUBLIC, "/etc/file"), "file-destination"],
  ]));
