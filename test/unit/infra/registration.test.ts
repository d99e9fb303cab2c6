import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { register } from "../../../infra/registration.ts";

interface Application {
  id: string;
  appId: string;
  displayName: string;
  identifierUris: string[];
  appRoles: { id: string; value: string; allowedMemberTypes: string[] }[];
  api: {
    requestedAccessTokenVersion: number | null;
    oauth2PermissionScopes: { id: string; value: string }[];
    preAuthorizedApplications: { appId: string; delegatedPermissionIds: string[] }[];
  };
}

const EVENT_GRID = { id: "sp-of-event-grid", appId: "app-of-event-grid", displayName: "Microsoft.EventGrid" };

/** A directory behind `az`, with what it is asked for here; Graph refuses what the real one would. */
function directory({ isUser = true } = {}) {
  const applications: Application[] = [];
  const principals = [EVENT_GRID, { id: "sp-of-another", appId: "x", displayName: "Microsoft.EventGrid.Test" }];
  const assignments: { principalId: string; resourceId: string; appRoleId: string }[] = [];
  const asked: string[] = [];

  function graph(method: string, path: string, body: Partial<Application>): unknown {
    asked.push(`${method} ${path.split("?")[0]}`);
    const [, kind, id, child] = /^(\w+)\/([\w-]+)(?:\/(\w+))?/.exec(path) ?? [];
    if (kind === "servicePrincipals" && child) {
      if (method === "GET") return { value: assignments };
      const wanted = body as unknown as (typeof assignments)[number];
      if (assignments.some((one) => JSON.stringify(one) === JSON.stringify(wanted))) throw new Error("exists already");
      const roles = applications.flatMap(({ appRoles }) => appRoles);
      if (!roles.some((role) => role.id === wanted.appRoleId)) throw new Error("no such role");
      assignments.push(wanted);
      return wanted;
    }
    if (kind === "servicePrincipals") return undefined;
    const application = applications.find((one) => one.id === id);
    if (!application) throw new Error("not found");
    if (method === "GET") return application;
    const scopes = application.api.oauth2PermissionScopes.map((scope) => scope.id);
    for (const { delegatedPermissionIds } of body.api?.preAuthorizedApplications ?? [])
      if (delegatedPermissionIds.some((one) => !scopes.includes(one))) throw new Error("no such scope");
    Object.assign(application, body);
    return undefined;
  }

  function answer(words: readonly string[]): unknown {
    const option = (name: string) => words[words.indexOf(name) + 1] ?? "";
    if (words[0] === "rest") {
      const path = option("--url").replace("https://graph.microsoft.com/v1.0/", "");
      return graph(option("--method"), path, words.includes("--body") ? JSON.parse(option("--body")) : {});
    }
    const startsSo = ({ displayName }: { displayName: string }) => displayName.startsWith(option("--display-name"));
    switch (words.slice(0, 3).join(" ")) {
      case "ad app list":
        return applications.filter(startsSo);
      case "ad app create": {
        asked.push("create application");
        const api = { requestedAccessTokenVersion: null, oauth2PermissionScopes: [], preAuthorizedApplications: [] };
        const displayName = option("--display-name");
        const number = String(applications.length);
        const made = { id: `a${number}`, appId: `client${number}`, displayName, identifierUris: [], appRoles: [], api };
        applications.push(made);
        return made;
      }
      case "ad sp list":
        return words.includes("--filter")
          ? principals.filter(({ appId }) => option("--filter") === `appId eq '${appId}'`)
          : principals.filter(startsSo);
      case "ad sp create": {
        asked.push("create principal");
        const made = { id: `sp-of-${option("--id")}`, appId: option("--id"), displayName: "" };
        principals.push(made);
        return made;
      }
      case "ad signed-in-user show":
        if (!isUser) throw new Error("/me request is only valid with delegated authentication flow.");
        return { id: "me" };
      default:
        throw new Error(`No idea of az ${words.join(" ")}`);
    }
  }

  const az = (...words: string[]) => {
    const told = answer(words);
    return told === undefined ? "" : JSON.stringify(told);
  };
  return { az, applications, assignments, asked };
}

it("registers the service with its roles, for tokens of version 2.0, which Azure CLI can ask for", () => {
  const { az, applications } = directory();
  expect(register(az, { installationId: "main", mine: [] })).toEqual({
    clientId: "client0",
    eventSenderId: "app-of-event-grid",
  });
  const [application] = applications;
  expect(application).toMatchObject({
    displayName: "goldsmith-main",
    identifierUris: ["api://client0"],
    api: { requestedAccessTokenVersion: 2 },
  });
  expect(application?.appRoles.map(({ value }) => value)).toEqual([
    "Reader",
    "Builder",
    "Approver",
    "Operator",
    "LogReader",
    "EventSender",
  ]);
  expect(application?.appRoles.find(({ value }) => value === "Approver")?.allowedMemberTypes).toEqual(["User"]);
  const [scope] = application?.api.oauth2PermissionScopes ?? [];
  expect(application?.api.preAuthorizedApplications).toEqual([
    { appId: "04b07795-8ddb-461a-bbee-02f9e1bf7b46", delegatedPermissionIds: [scope?.id] },
  ]);
});

it("lets Event Grid and whoever deploys tell of events, and gives that person the roles that were asked for", () => {
  const { az, applications, assignments } = directory();
  register(az, { installationId: "main", mine: ["Reader", "Builder"] });
  const nameOf = (id: string) => applications[0]?.appRoles.find((role) => role.id === id)?.value;
  expect(assignments.map(({ principalId, appRoleId }) => [principalId, nameOf(appRoleId)])).toEqual([
    ["sp-of-event-grid", "EventSender"],
    ["me", "EventSender"],
    ["me", "Reader"],
    ["me", "Builder"],
  ]);
});

it("lets another deploy, who is no person or not the one that is signed in", () => {
  for (const isUser of [true, false]) {
    const { az, assignments } = directory({ isUser });
    register(az, { installationId: "main", mine: [], deployer: "sp-of-pipeline" });
    expect(assignments.map(({ principalId }) => principalId)).toEqual(["sp-of-event-grid", "sp-of-pipeline"]);
  }
  const { az, assignments } = directory();
  register(az, { installationId: "main", mine: ["Reader"], deployer: "sp-of-pipeline" });
  expect(assignments.map(({ principalId }) => principalId)).toEqual(["sp-of-event-grid", "sp-of-pipeline", "me"]);
});

it("makes nothing where nobody is signed in whom the roles could be given to", () => {
  const { az, asked } = directory({ isUser: false });
  expect(() => register(az, { installationId: "main", mine: ["Reader"], deployer: "x" })).toThrow("/me request");
  expect(() => register(az, { installationId: "main", mine: [] })).toThrow("/me request");
  expect(asked).toEqual([]);
});

it("makes nothing a second time, and keeps what somebody has added since", () => {
  const { az, applications, assignments, asked } = directory();
  register(az, { installationId: "main", mine: ["Reader"] });
  const [application] = applications;
  const limited = { id: "own", value: "Builder:web-*", allowedMemberTypes: ["Application"] };
  application?.appRoles.push(limited);
  application?.api.preAuthorizedApplications.push({ appId: "portal", delegatedPermissionIds: [] });
  const before = structuredClone({ applications, assignments });
  asked.length = 0;
  register(az, { installationId: "main", mine: ["Reader"] });
  expect(asked.filter((one) => /create|POST/.test(one))).toEqual([]);
  expect(assignments).toEqual(before.assignments);
  expect(application?.appRoles).toEqual(before.applications[0]?.appRoles);
  expect(application?.api.preAuthorizedApplications.map(({ appId }) => appId)).toContain("portal");
});

it("takes no other installation's registration whose name only begins in the same way", () => {
  const { az, applications } = directory();
  register(az, { installationId: "main-two", mine: [] });
  register(az, { installationId: "main", mine: [] });
  expect(applications.map(({ displayName }) => displayName)).toEqual(["goldsmith-main-two", "goldsmith-main"]);
});

it("knows no other roles", () => {
  const { az, asked } = directory();
  expect(() => register(az, { installationId: "main", mine: ["Owner"] })).toThrow("no such roles: Owner");
  expect(asked).toEqual([]);
});

const script = join(import.meta.dirname, "..", "..", "..", "infra", "registerApp.ts");
/** Where there is no `az`. */
const command = (...words: string[]) =>
  spawnSync(process.execPath, [script, ...words], { encoding: "utf8", env: { ...process.env, PATH: "" } });

it("tells as a command what it takes", () => {
  expect(command("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("--deployer <object id>") });
});

it.each([
  ["no installation", [], "takes one installation"],
  ["two", ["main", "test"], "takes one installation"],
  ["an option that there is not", ["main", "--mee"], "--mee"],
  ["a role that there is not", ["main", "--me", "Foo"], "no such roles: Foo"],
  ["a machine without the Azure CLI", ["main"], "az"],
])("refuses as a command, by a line and no trace: %s", (_, words, told) => {
  const { status, stdout, stderr } = command(...words);
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(told);
  expect(stderr).not.toMatch(/^ +at /m);
});
