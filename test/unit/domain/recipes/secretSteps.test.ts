/** The steps of secrets on Linux, run for real against a metadata service and vaults on this machine. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { redact } from "../../../../src/domain/redaction.ts";
import type { SecretReference } from "../../../../src/domain/recipes/secrets.ts";
import { aroundSecrets } from "../../../../src/domain/recipes/secretSteps.ts";
import { type LinuxMachine, linuxMachine } from "../../../support/secrets/linuxMachine.ts";
import { type Answer, refusal, startVaultGround, type VaultGround } from "../../../support/secrets/vaultGround.ts";

const identity = (name: string) =>
  `/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-(a).b_c/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
const [BUILD, OTHER] = [identity("id-build"), identity("id-other")];
const TOKEN: SecretReference = { file: "API_TOKEN", vault: "kv-builds", name: "api-token", identity: BUILD };

let ground: VaultGround;
let machine: LinuxMachine;
beforeAll(async () => (ground = await startVaultGround()));
afterAll(() => ground.close());
beforeEach(() => {
  machine = linuxMachine(ground);
  Object.assign(ground, { identities: [BUILD, OTHER], secrets: new Map(), outages: [], shown: [] });
});
afterEach(() => machine.remove());

function commandsOf(references: readonly SecretReference[]): [before: string[], after: string[]] {
  const steps = aroundSecrets(references, [{ type: "Shell", inline: ["true"] }]);
  const [before = [], , after = []] = steps.map((step) => ("inline" in step ? (step.inline ?? []) : []));
  return [before, after];
}

const read = (...references: SecretReference[]) => machine.run(commandsOf(references)[0]);
const valueOf = (file: string) => readFileSync(join(machine.folder, file), "utf8");
const modeOf = (path: string) => statSync(path).mode & 0o777;

const NASTY = [
  "a plain value",
  "two\nlines\r\n\n",
  " $(touch owned) `touch owned` '; exit 1; '\" \\n %s {{ x }} ${HOME} ",
  "ü € 漢 🙂 \u202e",
  "\u0000\u0001\u001b[31m\u007f\u0080\ufeff\uffff",
  '{"value": "another"}',
  "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----\n",
  "",
  "x".repeat(25_000),
];

describe("the step that reads secrets on Linux", () => {
  it.each(NASTY)(
    "writes what lies in the vault, byte by byte, into a file that root alone can read: %j",
    async (value) => {
      ground.secrets.set("kv-builds/secrets/api-token", { value });
      expect(await read(TOKEN)).toMatchObject({ status: 0 });
      expect(valueOf("API_TOKEN")).toBe(value);
      expect(modeOf(join(machine.folder, "API_TOKEN"))).toBe(0o600);
      expect(modeOf(machine.folder)).toBe(0o700);
      expect(modeOf(dirname(machine.folder))).toBe(0o700);
    },
  );

  it("reads each as the identity and of the version that the recipe names", async () => {
    const version = "4387e9f3d6e14c459867679a90fd0f79";
    ground.secrets.set("kv-builds/secrets/api-token", { value: "the newest", reader: BUILD });
    ground.secrets.set(`kv-builds/secrets/api-token/${version}`, { value: "an older one" });
    ground.secrets.set("kv-others/secrets/Password", { value: "of another vault", reader: OTHER });
    const result = await read(
      TOKEN,
      { ...TOKEN, file: "OLD_TOKEN", version },
      { file: "PASSWORD", vault: "kv-others", name: "Password", identity: OTHER },
    );
    expect(result.status).toBe(0);
    expect(["API_TOKEN", "OLD_TOKEN", "PASSWORD"].map(valueOf)).toEqual([
      "the newest",
      "an older one",
      "of another vault",
    ]);
  });

  it("says no value and no token, even where each command is told, and gives none to a process", async () => {
    ground.secrets.set("kv-builds/secrets/api-token", { value: "first of them\nsecond of them" });
    ground.secrets.set("kv-builds/secrets/other", { value: "the third of them" });
    const { status, output } = await read(TOKEN, { ...TOKEN, file: "OTHER", name: "other", identity: OTHER });
    expect(status).toBe(0);
    expect(ground.hidden()).toHaveLength(5);
    expect(ground.hidden().filter((one) => output.includes(one))).toEqual([]);
    expect(ground.shown).toEqual([]);
  });

  it("asks the metadata service past any proxy", async () => {
    ground.secrets.set("kv-builds/secrets/api-token", { value: "a value" });
    const [before] = commandsOf([TOKEN]);
    expect(await machine.run(before, { http_proxy: "http://127.0.0.1:1" })).toMatchObject({ status: 0 });
  });

  it("asks again where what it asks is not up yet", async () => {
    ground.secrets.set("kv-builds/secrets/api-token", { value: "late" });
    ground.outages = ["metadata", "metadata", "vault", "vault", "vault"];
    expect(await read(TOKEN)).toMatchObject({ status: 0 });
    expect(valueOf("API_TOKEN")).toBe("late");
  });

  it.each<[string, SecretReference, Answer | undefined, RegExp]>([
    [
      "the identity may not read it",
      TOKEN,
      { status: 403, body: refusal("Forbidden", "ForbiddenByRbac") },
      /the vault answered 403 ForbiddenByRbac\. Give the identity the role Key Vault Secrets User/,
    ],
    [
      "the vault's firewall is closed",
      TOKEN,
      { status: 403, body: refusal("Forbidden", "ForbiddenByFirewall") },
      /403 ForbiddenByFirewall\. Let the subnet of the build VM through the vault's firewall/,
    ],
    ["it is disabled", TOKEN, { status: 403, body: refusal("Forbidden", "SecretDisabled") }, /Enable it in the vault/],
    [
      "it is not there",
      TOKEN,
      undefined,
      /404 SecretNotFound\. Put it into the vault, or correct vault, name and version/,
    ],
    [
      "the answer leads elsewhere",
      TOKEN,
      { status: 302, location: "https://kv-elsewhere.vault.azure.net/secrets/api-token" },
      /the vault answered 302\. Build again/,
    ],
    ["the vault does not come up", TOKEN, { status: 503 }, /the vault answered 503\. Build again/],
    ["the answer has no value", TOKEN, { status: 200 }, /KeyError/],
    [
      "the machine has not the identity",
      { ...TOKEN, identity: identity("id-gone") },
      undefined,
      /the instance metadata service answered 400 invalid_request\. See that the identity is there still\./,
    ],
  ])("fails and says which secret, why and what to do where %s", async (_, reference, answer, told) => {
    if (answer) ground.secrets.set("kv-builds/secrets/api-token", answer);
    ground.secrets.set("kv-elsewhere/secrets/api-token", { value: "a value" });
    const { status, output } = await read(reference);
    expect(status).toBe(1);
    const [line = ""] = output.split("\n").filter((one) => one.startsWith("Goldsmith: "));
    expect(line).toMatch(told);
    expect(line).toContain(
      `secrets.API_TOKEN cannot be read (api-token of the vault kv-builds, as the identity ${reference.identity})`,
    );
    // The archived log has it whole.
    expect(redact(line)).toBe(line);
    expect(output).not.toContain("Traceback");
    expect(existsSync(join(machine.folder, "API_TOKEN"))).toBe(false);
  });

  it.each([
    ["python", "Goldsmith: the secrets of the recipe are read by Python 3, which is not in this image"],
    ["tmpfs", "Goldsmith: /run is no tmpfs"],
  ] as const)("fails and says so where the machine has no %s", async (what, told) => {
    ground.secrets.set("kv-builds/secrets/api-token", { value: "a value" });
    const { status, output } = await machine.runWithout(what, commandsOf([TOKEN])[0]);
    expect(status).toBe(1);
    expect(output).toContain(told);
    expect(existsSync(machine.folder)).toBe(false);
  });
});

describe("the step that removes secrets on Linux", () => {
  it("leaves nothing of them, and does not mind where there is nothing", async () => {
    ground.secrets.set("kv-builds/secrets/api-token", { value: "a value" });
    const [before, after] = commandsOf([TOKEN]);
    await machine.run(before);
    expect(existsSync(machine.folder)).toBe(true);
    for (const _ of ["once", "twice"]) {
      expect(await machine.run(after)).toMatchObject({ status: 0 });
      expect(existsSync(dirname(machine.folder))).toBe(false);
    }
  });
});
