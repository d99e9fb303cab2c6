import { describe } from "vitest";
import { destination } from "../../../../src/domain/preflight/destination.ts";
import type { Ground } from "../../../../src/domain/preflight/ground.ts";
import type { ImageDefinition, PlatformImage } from "../../../../src/domain/preflight/images.ts";
import { valueOf } from "../../../../src/domain/preflight/observed.ts";
import { source } from "../../../../src/domain/preflight/source.ts";
import { absent, definitionId, found, ground, refused } from "../../../support/ground.ts";
import { ruleCases } from "../../../support/ruleCases.ts";

const good = ground();
const fromImage = (changes: Partial<PlatformImage>, more: Partial<Ground> = {}): Ground =>
  ground({ sourceImage: found("source", { ...(valueOf(good.sourceImage) as PlatformImage), ...changes }), ...more });
const toDefinition = (changes: Partial<ImageDefinition>): Ground =>
  ground({ definition: found(definitionId, { ...(valueOf(good.definition) as ImageDefinition), ...changes }) });
describe("the source image", () =>
  ruleCases(source, [
    ["passes where it is offered", good],
    ["passes where Azure does not tell of its state", fromImage({ state: undefined })],
    ["cannot be told where it is not shown", ground({ sourceImage: refused("source") })],
    ["fails where it is not offered", ground({ sourceImage: absent("source") }), "source-not-found"],
    [
      "is told where its end is near",
      fromImage({ state: "ScheduledForDeprecation", deprecatedAt: "2027-01-01" }),
      "source-deprecated",
    ],
    ["fails with a purchase plan", fromImage({ hasPlan: true }), "source-needs-plan"],
    ["fails where shell customizers do not run", fromImage({ operatingSystem: "Windows" }), "customizer-unfit"],
  ]));

describe("the image definition", () =>
  ruleCases(destination, [
    ["passes where it is as the source", good],
    ["cannot be told where it is not shown", ground({ definition: refused(definitionId) })],
    [
      "cannot be told where the source is not shown",
      ground({ ...toDefinition({ generation: "V1" }), sourceImage: refused("source") }),
    ],
    ["cannot be told where the source does not say", fromImage({ generation: undefined, architecture: undefined })],
    ["fails where it is gone", ground({ definition: absent(definitionId) }), "definition-not-found"],
    ["fails with another generation", toDefinition({ generation: "V1" }), "definition-differs"],
    ["fails with another architecture", toDefinition({ architecture: "Arm64" }), "definition-differs"],
    ["fails with another operating system", toDefinition({ operatingSystem: "Windows" }), "definition-differs"],
    ["passes where it does not say of which state images are", toDefinition({ state: undefined })],
    ["fails where it takes specialized images", toDefinition({ state: "Specialized" }), "definition-specialized"],
  ]));
