import { expect, it } from "vitest";
import { freePrefix } from "../../../../src/domain/preflight/freePrefix.ts";

it.each<[string, string[], string[], string | undefined]>([
  ["the first of an empty network", ["10.0.0.0/24"], [], "10.0.0.0/28"],
  ["the next after a smaller subnet, on a boundary", ["10.0.0.0/24"], ["10.0.0.0/29"], "10.0.0.16/28"],
  ["a gap between subnets", ["10.0.0.0/24"], ["10.0.0.0/28", "10.0.0.32/27"], "10.0.0.16/28"],
  ["one of the network's second prefix", ["10.0.0.0/28", "10.1.0.0/28"], ["10.0.0.0/28"], "10.1.0.0/28"],
  ["none where all are taken", ["10.0.0.0/28"], ["10.0.0.8/29"], undefined],
  ["none in a network that is smaller", ["10.0.0.0/29"], [], undefined],
  ["none of IPv6", ["fd00::/64"], [], undefined],
])("takes %s", (_, space, taken, prefix) => {
  expect(freePrefix(space, taken, 28)).toBe(prefix);
});
