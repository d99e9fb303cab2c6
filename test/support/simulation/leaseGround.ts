import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { signingKey } from "../../../local/azure/entra/signingKey.ts";
import { createInProcessCloud } from "../../../local/azure/inProcessCloud.ts";
import { spedUpClock } from "../../../local/clock/spedUpClock.ts";
import {
  builderIdentity,
  landscape,
  landscapeSettings,
  operatorIdentity,
  serviceIdentity,
} from "../../../local/landscape.ts";
import { ledger } from "../../../src/azure/ledger.ts";
import { roleAssignments } from "../../../src/azure/roleAssignments.ts";
import { planGrant } from "../../../src/domain/grant.ts";
import type { AcceptedGrant } from "../../../src/domain/standingGrant.ts";
import { leaseEntity, type LeaseState } from "../../../src/entities/lease.ts";
import { memoryArchive, memoryArchives } from "./memoryArchive.ts";
import { httpClientOf } from "./transport.ts";

export const { subscriptionId } = landscape;
const key = signingKey();
const scope = `/subscriptions/${subscriptionId}/resourceGroups/rg-images`;

/** Builds that share the lease. */
export const [ONE, OTHER] = ["one-20300101-000000-aaaa", "other-20300101-000000-bbbb"];
/** The name of an assignment that somebody else makes. */
export const FOREIGN = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
/** In seconds. */
export const HOUR = 3600;

export const inHours = (hours: number) => new Date(Date.now() + hours * HOUR * 1000).toISOString();

export const grantOf = (installationId: string) =>
  planGrant(installationId, subscriptionId, {
    role: "image creation",
    scope,
    principalId: builderIdentity.principalId,
    roleDefinition: landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE,
  });

/** What the lease is of. */
export const grant = grantOf("test");

interface Shown {
  id: string;
  name: string;
  properties: { principalId: string; description: string | null; principalType: string };
}

export type LeaseGround = Awaited<ReturnType<typeof leaseGround>>;

/** A lease of an installation called "test" at the strict local Azure, without the engine. */
export async function leaseGround() {
  const cloud = createInProcessCloud({ clock: spedUpClock(), landscape, seed: 1, key });
  const archive = await memoryArchive();
  const noArchive = (await memoryArchives())("gone");
  const state: LeaseState = { holders: [], assignment: "absent" };

  /** The real SDK, signed in as somebody, on the local Azure in this process. */
  function assignmentsAs(identity: typeof serviceIdentity): AuthorizationManagementClient {
    return new AuthorizationManagementClient(
      {
        getToken: async () => {
          const { token, expiresOn } = await cloud.token(identity, "https://management.azure.com", 3600);
          return { token, expiresOnTimestamp: expiresOn * 1000 };
        },
      },
      subscriptionId,
      {
        endpoint: cloud.url,
        httpClient: httpClientOf(({ method, url, headers, body }) => cloud.answer({ method, url, headers, body })),
        retryOptions: { maxRetries: 0 },
      },
    );
  }

  const entityOf = (installationId: string, acceptedGrants: AcceptedGrant[]) =>
    leaseEntity({
      roleAssignments: roleAssignments(assignmentsAs(serviceIdentity)),
      archive: ground.isArchiveOut ? noArchive : archive,
      settings: { installationId, servicePrincipals: [serviceIdentity.principalId], acceptedGrants },
    });

  const leaseOf = (installationId = "test", acceptedGrants: AcceptedGrant[] = []) =>
    entityOf(installationId, acceptedGrants).operations;

  const held = () =>
    (cloud.state().roleAssignments as unknown as Shown[]).filter(
      ({ properties }) => properties.principalId === builderIdentity.principalId,
    );

  const ground = {
    cloud,
    archive,
    /** Whether the archive's container is gone: not one document of it can be asked for then. */
    isArchiveOut: false,
    /** As the engine keeps it. */
    state,
    assignmentsAs,
    leaseOf,
    join: (buildId: string, seconds = HOUR) => leaseOf().join(ground.state, { grant, buildId, seconds }),
    leave: (buildId: string) => leaseOf().leave(ground.state, { grant, buildId }),
    sweep: (now: string, dead: string[] = []) => leaseOf().sweep(ground.state, { grant, now, dead, seen: true }),
    /** What the lease is begun with where the engine has no state of it. */
    initially: () => entityOf("test", []).initially(grant.name),
    /** The builder's role assignments in the cloud. */
    held,
    idOf: (name: string) => held().find((one) => one.name === name)?.id ?? "",
    entry: () => ledger(archive, "test").readLease(grant.name),
    requests: (method: string) =>
      cloud.requests().requests.filter((one) => one.method === method && one.path.includes("roleAssignments")),
    /** Somebody else gives the builder the same. */
    foreignGrant: (name: string, description: string) =>
      assignmentsAs(operatorIdentity).roleAssignments.create(scope, name, {
        roleDefinitionId: grant.roleDefinitionId,
        principalId: builderIdentity.principalId,
        principalType: "ServicePrincipal",
        description,
      }),
  };
  return ground;
}
