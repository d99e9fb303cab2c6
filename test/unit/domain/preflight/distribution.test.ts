import { describe } from "vitest";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import type { ImageDefinition } from "../../../../src/domain/preflight/images.ts";
import { valueOf } from "../../../../src/domain/preflight/observed.ts";
import { targetRegions } from "../../../../src/domain/preflight/targetRegions.ts";
import { versionNumber } from "../../../../src/domain/preflight/versionNumber.ts";
import type { SharedImageTarget } from "../../../../src/domain/recipes/distribute.ts";
import {
  definitionId,
  found,
  ground,
  type GroundChanges,
  planOf,
  refused,
  registered,
} from "../../../support/ground.ts";
import { sampleTarget } from "../../../support/plan.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const distributing = (changes: Partial<SharedImageTarget>, more: GroundChanges = {}): Ground =>
  ground({ plan: planOf({}, { distribute: [sampleTarget(changes)] }), ...more });

type Target = SharedImageTarget["targetRegions"][number];
const target = (name: string, changes: Partial<Target> = {}): Target => ({
  name,
  replicaCount: 1,
  storageAccountType: "Standard_LRS",
  ...changes,
});
const to = (targets: Target[], more: GroundChanges = {}) => distributing({ targetRegions: targets }, more);
const inZones = { storageAccountType: "Standard_ZRS" } as const;
const definitionIn = (location: string): GroundChanges => ({
  definition: found(definitionId, { ...(valueOf(ground().definitions[0]?.definition) as ImageDefinition), location }),
});
const withoutZones = {
  providers: found(
    "/providers",
    registered.map((one) => ({ ...one, zonedRegions: [] })),
  ),
};

describe("target regions", () =>
  ruleCases(targetRegions, [
    ["pass where there are galleries", to([target("westeurope"), target("northeurope")])],
    [
      "pass with every kind of storage",
      to([target("westeurope", inZones), target("ukwest", { storageAccountType: "Premium_LRS" })]),
    ],
    [
      "pass with 100 replicas",
      to([target("westeurope", { replicaCount: 60 }), target("ukwest", { replicaCount: 40 })]),
    ],
    [
      "cannot be told where nothing is shown",
      to([target("atlantis", inZones)], { providers: refused("/providers"), definition: refused(definitionId) }),
    ],
    [
      "cannot be told of zones where Azure tells of none",
      to([target("westeurope"), target("ukwest", inZones)], withoutZones),
    ],
    ["fail where one is none", to([target("westeurope"), target("atlantis")]), "region-unknown"],
    ["fail where one is named twice", to([target("westeurope"), target("westeurope")]), "region-repeated"],
    ["fail without the definition's own", to([target("northeurope")]), "definition-region-missing"],
    [
      "fail with storage in zones that are not there",
      to([target("westeurope"), target("ukwest", inZones)]),
      "region-without-zones",
    ],
    [
      "fail with more than 100 replicas",
      to([target("westeurope", { replicaCount: 61 }), target("ukwest", { replicaCount: 40 })]),
      "too-many-replicas",
    ],
    [
      "are told where the definition is of another region than the build",
      to([target("northeurope")], definitionIn("northeurope")),
      "definition-elsewhere",
    ],
  ]));

/** With no scheme but one that is told. */
const inDefinition = (changes: Partial<SharedImageTarget>, more: GroundChanges = {}): Ground => {
  const { versioning: _, ...rest } = sampleTarget();
  return ground({ plan: planOf({}, { distribute: [{ ...rest, ...changes }] }), ...more });
};
const numbered = (major: number | undefined, names: readonly string[], changes: Partial<SharedImageTarget> = {}) =>
  numberedBy(major === undefined ? undefined : { scheme: "Latest", major }, names, changes);
const numberedBy = (
  versioning: SharedImageTarget["versioning"],
  names: readonly string[],
  { versioning: _, ...changes }: Partial<SharedImageTarget> = {},
) =>
  inDefinition(
    { ...changes, ...(versioning ? { versioning } : {}) },
    {
      versions: found(
        definitionId,
        names.map((name) => ({ name, isExcluded: false })),
      ),
    },
  );
const LAST = "1.0.2147483647";

describe("the next version", () =>
  ruleCases(versionNumber, [
    ["passes where it is the first", numbered(1, [])],
    ["passes where it is the next", numbered(1, ["1.0.0", "1.9.0", "1.10.0", "0.24105.52755"])],
    ["passes as the first of a new major", numbered(2, [LAST])],
    ["passes without a scheme among its like", numbered(undefined, ["0.24105.52755"])],
    ["passes below another where it is not to be the latest", numbered(1, ["2.0.0"], { excludeFromLatest: true })],
    [
      "warns below another where it is to be the latest once it is approved",
      ground({
        plan: planOf({}, { approval: { before: "publish", expires: "3d" } }),
        versions: found(definitionId, [{ name: "2.0.0", isExcluded: false }]),
      }),
      "version-not-latest",
    ],
    [
      "passes below one that is never the latest",
      distributing(
        { versioning: { scheme: "Latest", major: 1 } },
        { versions: found(definitionId, [{ name: "2.0.0", isExcluded: true }]) },
      ),
    ],
    ["cannot be told where they are not shown", distributing({}, { versions: refused(definitionId) })],
    ["fails where the numbers are used up", numbered(1, ["1.0.0", LAST]), "version-numbers-used-up"],
    ["is told where a higher major is there", numbered(1, ["1.0.0", "2.0.0"]), "version-not-latest"],
    ["is told without a scheme among numbered ones", numbered(undefined, ["1.0.0"]), "version-not-latest"],
    ["passes where the highest of all is counted on", numberedBy({ scheme: "Latest" }, ["1.0.0", "7.0.0"])],
    [
      "fails where those of all are used up",
      numberedBy({ scheme: "Latest", major: -1 }, [LAST]),
      "version-numbers-used-up",
    ],
    ["passes with the source's number", numberedBy({ scheme: "Source" }, ["24.4.202611000"])],
    ["fails where the source's number is there", numberedBy({ scheme: "Source" }, ["24.4.202611100"]), "version-taken"],
    ["passes as one that is named", inDefinition({ galleryImageId: `${definitionId}/versions/1.2.3` })],
    [
      "fails as one that is named and there",
      inDefinition({ galleryImageId: `${definitionId}/versions/1.0.0` }),
      "version-taken",
    ],
    [
      "fails where there are as many as can be",
      numbered(
        1,
        Array.from({ length: 10_000 }, (_, at) => `1.0.${at}`),
      ),
      "too-many-versions",
    ],
  ]));
