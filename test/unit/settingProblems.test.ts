import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "jsonc-parser";
import { describe, expect, it } from "vitest";
import { SettingFault } from "../../src/domain/notReady.ts";
import { inTheWay } from "../../src/domain/work.ts";
import { KEY_HELP, mendOf, SETTING_HELP } from "../../src/settingHelp.ts";
import { readSettings, SETTING_NAMES } from "../../src/settings.ts";
import { type SettingProblem, SettingsUnusable } from "../../src/settingsUnusable.ts";
import { usableSettings } from "../../src/usableSettings.ts";

const file = readFileSync(join(import.meta.dirname, "..", "..", "local.settings.sample.json"), "utf8");
const sample = (parse(file) as { Values: Record<string, string> }).Values;

const problemsOf = (changed: Record<string, string | undefined>): readonly SettingProblem[] => {
  try {
    readSettings({ ...sample, ...changed });
    return [];
  } catch (error) {
    if (!(error instanceof SettingsUnusable)) throw error;
    return error.problems;
  }
};

const SECRET = "hunter2";
const target = { origin: "https://tickets.example.com", path: "/", secretNames: ["TICKETS"] };
const onAzure = { WEBSITE_INSTANCE_ID: "x" };

/** By setting, a value that cannot be; and what else has to be so for it. Undefined: whatever is set can be used. */
const WRONG: Record<string, [value: string, more?: Record<string, string>] | undefined> = {
  AZURE_SUBSCRIPTION_ID: [SECRET],
  AZURE_CLIENT_ID: [SECRET],
  GOLDSMITH_ARM_ENDPOINT: [`http://${SECRET}`],
  GOLDSMITH_ARM_TIMEOUT_SECONDS: [SECRET],
  GOLDSMITH_INSTALLATION_ID: [`${SECRET} `],
  GOLDSMITH_TEMPLATE_RESOURCE_GROUP: [`${SECRET}/x`],
  GOLDSMITH_SERVICE_PRINCIPAL_ID: [SECRET],
  GOLDSMITH_FORMER_PRINCIPAL_IDS: [SECRET],
  GOLDSMITH_TRUST_ZONES: [`{"default": "${SECRET}"}`],
  GOLDSMITH_ACCEPTED_GRANTS: [`["${SECRET}"]`],
  GOLDSMITH_IMAGE_CREATION_ROLE: [SECRET],
  GOLDSMITH_NETWORK_JOIN_ROLE: [SECRET],
  GOLDSMITH_SOURCE_READING_ROLE: [SECRET],
  GOLDSMITH_ARCHIVE: [SECRET],
  GOLDSMITH_ARCHIVE__blobServiceUri: [`https://st.blob.core.windows.net?sig=${SECRET}`],
  GOLDSMITH_ARCHIVE_CONTAINER: [`${SECRET}/`],
  GOLDSMITH_PROPAGATION_MINUTES: ["61"],
  GOLDSMITH_CONCURRENT_BUILDS: ["0"],
  GOLDSMITH_CONCURRENT_BUILDS_OF_IDENTITY: ["1.5"],
  GOLDSMITH_CONCURRENT_BUILDS_OF_SUBSCRIPTION: [SECRET],
  GOLDSMITH_QUEUE_HOURS: ["0"],
  GOLDSMITH_SWEEP_SCHEDULE: ["every night"],
  GOLDSMITH_SWEEP_GRACE_MINUTES: ["-1"],
  GOLDSMITH_RAW_LOG_CONTAINER: [`${SECRET}/`],
  GOLDSMITH_RECIPE_CONTAINER: [`http://${SECRET}`],
  GOLDSMITH_SCRIPT_CONTAINER: [SECRET],
  GOLDSMITH_CALLBACK_TARGETS: [JSON.stringify([{ ...target, development: true }]), onAzure],
  GOLDSMITH_HOOKS: [`{"${SECRET}": {}}`],
  GOLDSMITH_APPROVAL_SYSTEMS: [`[{"${SECRET}": 1}]`],
  WEBSITE_HOSTNAME: undefined,
  APPLICATIONINSIGHTS_CONNECTION_STRING: [SECRET],
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: [`Authorization=AAD;ClientID=${SECRET}`],
  OTEL_EXPORTER_OTLP_ENDPOINT: [SECRET],
  GOLDSMITH_ENVIRONMENT: [`../${SECRET}`],
  GOLDSMITH_AUTHENTICATION: ["open", onAzure],
  GOLDSMITH_ENTRA_TENANT_ID: [SECRET],
  GOLDSMITH_ENTRA_AUDIENCES: [""],
  GOLDSMITH_ENTRA_AUTHORITY: [`https://login.microsoftonline.com/${SECRET}`],
  GOLDSMITH_API_KEYS: [`[{"name": "${SECRET}"}]`],
  GOLDSMITH_ALLOWED_ORIGINS: [`${SECRET}.example.com`],
  GOLDSMITH_EVENT_SENDERS: [SECRET],
};

/** Of the settings, what tells what is ours, and where it is noted. */
const CORE = [
  "subscriptionId",
  "clientId",
  "installationId",
  "servicePrincipals",
  "archive",
  "archiveContainer",
] as const;
const isCore = (setting: string) => inTheWay([{ setting, state: "wrong", mend: "" }], "ends").length > 0;

const REQUIRED = [
  "AZURE_SUBSCRIPTION_ID",
  "AZURE_CLIENT_ID",
  "GOLDSMITH_INSTALLATION_ID",
  "GOLDSMITH_TEMPLATE_RESOURCE_GROUP",
  "GOLDSMITH_SERVICE_PRINCIPAL_ID",
  "GOLDSMITH_TRUST_ZONES",
  "GOLDSMITH_IMAGE_CREATION_ROLE",
  "GOLDSMITH_NETWORK_JOIN_ROLE",
  "GOLDSMITH_ARCHIVE",
];

describe("a setting that is wrong", () => {
  it("can be any of those that the service reads: each has a row here, and help of its own", () => {
    expect(Object.keys(WRONG).toSorted()).toEqual(SETTING_NAMES.toSorted());
    expect(Object.keys(SETTING_HELP).toSorted()).toEqual(SETTING_NAMES.toSorted());
  });

  it.each(Object.entries(WRONG).flatMap(([name, wrong]) => (wrong ? [{ name, wrong }] : [])))(
    "is named, with what it takes, and never told: $name",
    ({ name, wrong: [value, more] }) => {
      const problems = problemsOf({ ...more, [name]: value });
      const problem = problems.find(({ setting }) => setting === name);
      expect(problem).toMatchObject({ state: value === "" ? "missing" : "wrong", mend: mendOf(name) });
      // What anybody may be told says nothing of what was read.
      const told = problems.map(({ setting, state, mend }) => SettingFault.parse({ setting, state, mend }));
      expect(JSON.stringify(told)).not.toContain(SECRET);
    },
  );

  // A timer of which the host takes no schedule never runs.
  it.each(["*/10 * * * *", "0 0 3 * * 7", "0 0 3 L * *", "@daily"])(
    "can be a schedule that another cron would take, and Azure Functions would not: %s",
    (GOLDSMITH_SWEEP_SCHEDULE) => {
      expect(problemsOf({ GOLDSMITH_SWEEP_SCHEDULE })).toMatchObject([{ setting: "GOLDSMITH_SWEEP_SCHEDULE" }]);
    },
  );

  it.each([
    [undefined, "missing"],
    [SECRET, "wrong"],
  ] as const)("can be a key that another setting names: %s", (key, state) => {
    const [start = ""] = Object.keys(KEY_HELP);
    const env = { GOLDSMITH_CALLBACK_TARGETS: JSON.stringify([target]), [`${start}TICKETS`]: key };
    const [problem] = problemsOf(env);
    expect(problem).toMatchObject({ setting: `${start}TICKETS`, state });
    expect(problem?.mend).toContain("whsec_");
    expect(JSON.stringify(problem)).not.toContain(SECRET);
  });

  it("has an example that the service takes, where it is no sketch", () => {
    const examples = Object.entries(SETTING_HELP).filter(([, { example }]) => !example.includes("…"));
    for (const [name, { example }] of examples) {
      if (["GOLDSMITH_CALLBACK_TARGETS", "GOLDSMITH_RECIPE_CONTAINER"].includes(name)) continue;
      expect([name, problemsOf({ [name]: example })]).toEqual([name, []]);
    }
  });
});

describe("a setting that is missing", () => {
  it.each(SETTING_NAMES)("is named where there is no service without it: %s", (name) => {
    const names = problemsOf({ [name]: undefined }).map(({ setting }) => setting);
    if (name === "GOLDSMITH_ENTRA_TENANT_ID") expect(names).toEqual(["GOLDSMITH_ENTRA_AUDIENCES"]);
    else if (name === "GOLDSMITH_ENTRA_AUDIENCES") expect(names).toEqual([name]);
    else expect(names).toEqual(REQUIRED.includes(name) ? [name] : []);
  });

  it("is told with all others at once", () => {
    expect(problemsOf(Object.fromEntries(SETTING_NAMES.map((name) => [name, undefined])))).toEqual(
      REQUIRED.map((setting) => ({ setting, state: "missing", why: "is missing", mend: mendOf(setting) })),
    );
  });

  it("is made up for by nothing that could do anything: without settings the service is put together all the same", () => {
    const { subscriptionId, armEndpoint, archive, zones, authentication } = usableSettings({}).settings;
    expect(subscriptionId).toMatch(/^[0-]+$/);
    expect([armEndpoint, archive]).toEqual(["https://unset.invalid", { blobServiceUri: "https://unset.invalid" }]);
    expect(zones.size).toBe(0);
    expect(authentication).toEqual({ kind: "required", keys: [] });
  });
});

describe("what can still be done where a setting is wrong", () => {
  const right = readSettings({ ...sample });

  it.each(Object.entries(WRONG).flatMap(([name, wrong]) => (wrong ? [{ name, wrong }] : [])))(
    "goes by all others as they are set: $name",
    ({ name, wrong: [value, more] }) => {
      const env = { ...sample, ...more, [name]: value };
      const { settings, faults } = usableSettings(env);
      expect(faults).toEqual(problemsOf({ ...more, [name]: value }));
      const changed = Object.keys(right).filter(
        (key) => !isDeepStrictEqual(settings[key as keyof typeof settings], right[key as keyof typeof right]),
      );
      expect(changed.length).toBeLessThanOrEqual(4);
      if (!isCore(name)) for (const core of CORE) expect(settings[core]).toEqual(right[core]);
    },
  );

  it.each([
    ["GOLDSMITH_CALLBACK_TARGETS", "GOLDSMITH_CALLBACK_SECRET_TICKETS", JSON.stringify([target])],
    [
      "GOLDSMITH_APPROVAL_SYSTEMS",
      "GOLDSMITH_APPROVAL_SECRET_DESK",
      JSON.stringify([{ name: "desk", application: "0b9f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b42", secretNames: ["DESK"] }]),
    ],
  ])("leaves out whoever a key is of that is missing: %s", (setting, key, value) => {
    const { settings, faults } = usableSettings({ ...sample, [setting]: value });
    expect(faults.map((fault) => fault.setting)).toEqual([key]);
    expect([settings.callbackTargets, settings.approvalSystems]).toEqual([[], []]);
    for (const core of CORE) expect(settings[core]).toEqual(right[core]);
  });

  it("lets nobody in by it: what is to be open in Azure is not", () => {
    const { settings } = usableSettings({ ...sample, ...onAzure, GOLDSMITH_AUTHENTICATION: "open" });
    expect(settings.authentication.kind).toBe("required");
  });
});
