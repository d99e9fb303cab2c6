import type { Finding } from "../failure.ts";
import { allowsData, lacking } from "./access.ts";
import { letUseBlobs } from "./blobs.ts";
import { observedOf } from "./ground.ts";
import { valueOf } from "./observed.ts";
import { letDo, OWN_ROLES } from "./roleMends.ts";
import { EVERY_TOPOLOGY, rule } from "./rule.ts";
import {
  builderOf,
  publishedGalleriesOf,
  templateGroupOf,
  toMake,
  TO_KEEP_SCRIPTS,
  TO_PUBLISH,
  TO_READ_LOGS,
  TO_USE_BUILDER,
} from "./serviceNeeds.ts";
import { subscriptionIdOf } from "./subscription.ts";

/** The condition under which the service reads blobs: where image builder puts its logs, and nowhere else. */
export const READS_LOGS_ONLY =
  "((!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})) OR " +
  "(@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'packerlogs'))";

export const serviceRights = rule({
  name: "service-rights",
  holds:
    "The service may make, run, cancel and delete image templates, hand the builder identity to them, read their logs, and publish what waits for approval.",
  topologies: EVERY_TOPOLOGY,
  findings: {
    "service-cannot-build": {
      severity: "blocks",
      owner: "identity",
      why: "Azure refuses what the service asks of the template: to make it or to run it, to tell what the run has made, or to remove it when all is over.",
    },
    "service-cannot-use-builder": {
      severity: "blocks",
      owner: "identity",
      why: "Azure takes a template with an identity only from whoever may assign that identity.",
    },
    "service-cannot-publish": {
      severity: "blocks",
      owner: "identity",
      why: "The recipe has its versions approved before they become the latest, which the service then lets them.",
    },
    "service-cannot-read-logs": {
      severity: "warns",
      owner: "identity",
      why: "Image builder's log goes with its template: the build is made, but what its scripts printed is lost.",
    },
    "service-cannot-keep-scripts": {
      severity: "blocks",
      owner: "identity",
      why: "The service puts scripts that are too long for a template into the container that image builder fetches them from.",
    },
  },
  check(ground, find) {
    const { plan, servicePermissions } = ground;
    const needs = [
      { code: "service-cannot-build", scope: templateGroupOf(plan), actions: toMake(plan), role: "templateOperator" },
      { code: "service-cannot-use-builder", scope: builderOf(plan), actions: TO_USE_BUILDER, role: "identityUser" },
      ...publishedGalleriesOf(plan).map(
        (scope) => ({ code: "service-cannot-publish", scope, actions: TO_PUBLISH, role: "publisher" }) as const,
      ),
    ] as const;
    const findings = needs.flatMap(({ code, scope, actions, role }): Finding[] => {
      const permissions = valueOf(observedOf(servicePermissions, scope));
      const missing = permissions ? lacking(permissions, actions) : [];
      if (missing.length === 0) return [];
      return [
        find(code, {
          resource: scope,
          seen: `The service lacks ${missing.join(", ")} on ${scope}.`,
          mend: `Give the service's identity the ${OWN_ROLES[role]} role there, with the actions of docs/deploy.md.`,
          ...letDo(ground, { role, scope, missing }),
        }),
      ];
    });
    const lacksData = (scope: string | undefined, actions: readonly string[]) => {
      const permissions = valueOf(observedOf(servicePermissions, scope));
      return permissions ? actions.filter((action) => !allowsData(permissions, action)) : [];
    };
    const scope = `/subscriptions/${subscriptionIdOf(plan)}`;
    const unread = lacksData(templateGroupOf(plan), TO_READ_LOGS);
    const { scriptContainer } = plan;
    const unkept = lacksData(scriptContainer, TO_KEEP_SCRIPTS);
    if (unread.length > 0) {
      findings.push(
        find("service-cannot-read-logs", {
          resource: scope,
          seen: `The service lacks ${unread.join(", ")} on what will be made in ${scope}.`,
          mend: `Give the service's identity the ${OWN_ROLES.logReader} role there, with the condition of docs/access.md.`,
          ...letDo(ground, { role: "logReader", scope, condition: READS_LOGS_ONLY, missing: [], missingData: unread }),
        }),
      );
    }
    if (scriptContainer !== undefined && unkept.length > 0) {
      findings.push(
        find("service-cannot-keep-scripts", {
          resource: scriptContainer,
          seen: `The service lacks ${unkept.join(", ")} on ${scriptContainer}.`,
          mend: "Give the service's identity Storage Blob Data Contributor on that container.",
          ...letUseBlobs(ground.servicePrincipalId, scriptContainer, "Contributor"),
        }),
      );
    }
    return findings;
  },
});
