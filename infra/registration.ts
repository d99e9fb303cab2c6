/** The service's app registration, made or brought up to date by the Azure CLI. */
import { v5 as uuidv5 } from "uuid";

/** Runs `az` with these words. @returns what it prints: JSON, or nothing. */
type Az = (...words: string[]) => string;

interface AppRole {
  id: string;
  value: string;
  displayName: string;
  description: string;
  allowedMemberTypes: string[];
  isEnabled: boolean;
}

interface Application {
  id: string;
  appId: string;
  appRoles: AppRole[];
  api: {
    oauth2PermissionScopes: { id: string; value: string }[];
    preAuthorizedApplications: { appId: string; delegatedPermissionIds: string[] }[];
  };
}

/** An object of the directory, as the CLI shows it. */
interface Named {
  id: string;
  appId: string;
  displayName: string;
}

const isNamed =
  (name: string) =>
  ({ displayName }: Named) =>
    displayName === name;

const GRAPH = "https://graph.microsoft.com/v1.0";
/** Azure CLI's own client id, the same in every tenant. */
const AZURE_CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";
const EVENT_GRID = "Microsoft.EventGrid";
const EVENT_SENDER = "EventSender";
/** By value, who may have the role and what it is for: docs/authentication.md. */
const ROLES = {
  Reader: { members: ["User", "Application"], what: "See images, plans, builds, receipts and sweeps" },
  Builder: { members: ["User", "Application"], what: "Ask for builds, and cancel them" },
  Approver: { members: ["User"], what: "Decide on builds that wait for it" },
  Operator: { members: ["User", "Application"], what: "Sweep, and see to events that have not arrived" },
  LogReader: { members: ["User", "Application"], what: "Read logs" },
  [EVENT_SENDER]: { members: ["User", "Application"], what: "Tell of new image versions" },
};

interface Registration {
  installationId: string;
  /** Roles to give to whoever is signed in. */
  mine: readonly string[];
  /** Object id of whoever deploys, where that is somebody else, or no person. */
  deployer?: string;
}

/**
 * @throws where roles are named and nobody is signed in who could have them: before anything is made.
 * @returns the client id of the registration, and that of Event Grid in this tenant.
 */
export function register(az: Az, { installationId, mine, deployer }: Registration) {
  const json = (...words: string[]): unknown => JSON.parse(az(...words) || "null");
  const graph = (method: string, path: string, body?: object) =>
    json(
      "rest",
      "--method",
      method,
      "--url",
      `${GRAPH}/${path}`,
      ...(body ? ["--headers", "Content-Type=application/json", "--body", JSON.stringify(body)] : []),
    );

  const unknown = mine.filter((role) => !(role in ROLES));
  if (unknown.length > 0) throw new Error(`There are no such roles: ${unknown.join(", ")}`);
  // There is no signed-in user where a service principal is signed in.
  const me = mine.length > 0 || !deployer ? (json("ad", "signed-in-user", "show") as Named).id : undefined;
  const name = `goldsmith-${installationId}`;
  // The CLI looks for names that begin so.
  const [there, other] = (json("ad", "app", "list", "--display-name", name) as Named[]).filter(isNamed(name));
  if (other) throw new Error(`There are several registrations with the name ${name}.`);
  const { id } = (there ??
    json("ad", "app", "create", "--display-name", name, "--sign-in-audience", "AzureADMyOrg")) as Named;
  const application = graph("GET", `applications/${id}`) as Application;
  const clientId = application.appId;

  const roles = withRoles(application);
  const { preAuthorizedApplications: clients, oauth2PermissionScopes: scopes } = application.api;
  const { id: scopeId } = scopes.find(({ value }) => value === "access") ?? scopeOf(clientId);
  const api = {
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [...scopes.filter((one) => one.id !== scopeId), { ...scopeOf(clientId), id: scopeId }],
    preAuthorizedApplications: clients,
  };
  graph("PATCH", `applications/${id}`, { identifierUris: [`api://${clientId}`], appRoles: roles, api });
  // Azure lets a client use a scope without consent only once the scope is there.
  const cli = { appId: AZURE_CLI, delegatedPermissionIds: [scopeId] };
  const others = clients.filter(({ appId }) => appId !== AZURE_CLI);
  graph("PATCH", `applications/${id}`, { api: { ...api, preAuthorizedApplications: [...others, cli] } });

  const [principal] = json("ad", "sp", "list", "--filter", `appId eq '${clientId}'`) as Named[];
  const service = principal ?? (json("ad", "sp", "create", "--id", clientId) as Named);
  graph("PATCH", `servicePrincipals/${service.id}`, { appRoleAssignmentRequired: true });

  const [eventGrid] = (json("ad", "sp", "list", "--display-name", EVENT_GRID) as Named[]).filter(isNamed(EVENT_GRID));
  if (!eventGrid)
    throw new Error(`${EVENT_GRID} is not in this tenant: az provider register --namespace ${EVENT_GRID}`);
  const { value: given } = graph("GET", `servicePrincipals/${service.id}/appRoleAssignedTo?$top=999`) as {
    value: { principalId: string; appRoleId: string }[];
  };
  // Event Grid asks that whoever makes the subscription has a role in the application as well.
  const wanted = [
    { principalId: eventGrid.id, role: EVENT_SENDER },
    { principalId: deployer ?? me, role: EVENT_SENDER },
    ...mine.map((role) => ({ principalId: me, role })),
  ];
  for (const { principalId, role } of wanted) {
    const appRoleId = roles.find(({ value }) => value === role)?.id ?? "";
    if (given.some((one) => one.principalId === principalId && one.appRoleId === appRoleId)) continue;
    graph("POST", `servicePrincipals/${service.id}/appRoleAssignedTo`, {
      principalId,
      resourceId: service.id,
      appRoleId,
    });
  }
  return { clientId, eventSenderId: eventGrid.appId };
}

/** Those of the service, beside what is there already: roles for some images, or others of the company's. */
function withRoles({ appId, appRoles }: Application): AppRole[] {
  const missing = Object.entries(ROLES).filter(([value]) => !appRoles.some((one) => one.value === value));
  return [
    ...appRoles,
    ...missing.map(([value, { members, what }]) => ({
      id: uuidv5(`${appId}/${value}`, uuidv5.URL),
      value,
      displayName: value,
      description: what,
      allowedMemberTypes: members,
      isEnabled: true,
    })),
  ];
}

function scopeOf(clientId: string) {
  return {
    id: uuidv5(`${clientId}/access`, uuidv5.URL),
    value: "access",
    type: "User",
    isEnabled: true,
    adminConsentDisplayName: "Use Goldsmith",
    adminConsentDescription: "Ask the service for what the person's roles allow.",
    userConsentDisplayName: "Use Goldsmith",
    userConsentDescription: "Ask the service for what your roles allow.",
  };
}
