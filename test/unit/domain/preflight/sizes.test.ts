import { expect, it } from "vitest";
import { coresOf, familyOf } from "../../../../src/domain/preflight/sizes.ts";

/** Sizes and the names of their quotas, as Microsoft's cyclecloud-scalelib has them, and Azure's lists of skus. */
it.each([
  ["Standard_D2s_v5", 2, "standardDSv5Family"],
  ["Standard_D16ads_v5", 16, "standardDADSv5Family"],
  ["Standard_D1_v2", 1, "standardDv2Family"],
  ["Standard_D4_v2", 8, "standardDv2Family"],
  ["Standard_DS3_v2", 4, "standardDSv2Family"],
  ["Standard_DS12_v2", 4, "standardDSv2Family"],
  ["Standard_DS15_v2", 20, "standardDSv2Family"],
  ["Standard_D14", 16, "standardDFamily"],
  ["Standard_DS2", 2, "standardDSFamily"],
  ["Standard_DS3_v2_Promo", 4, "standardDSv2PromoFamily"],
  ["Standard_D2_v2_Promo", 2, "standardDv2PromoFamily"],
  ["Standard_DC4s", 4, "standardDCSFamily"],
  ["Standard_DC8_v2", 8, "standardDCSv2Family"],
  ["Standard_F4", 4, "standardFFamily"],
  ["Standard_F4s", 4, "standardFSFamily"],
  ["Standard_F72s_v2", 72, "standardFSv2Family"],
  ["Standard_L8s", 8, "standardLSFamily"],
  ["Standard_L8s_v2", 8, "standardLSv2Family"],
  ["Standard_B1ls", 1, "standardBSFamily"],
  ["Standard_B4ms", 4, "standardBSFamily"],
  ["Standard_B2ts_v2", 2, "standardBsv2Family"],
  ["Standard_B2als_v2", 2, "standardBasv2Family"],
  ["Standard_B2pts_v2", 2, "standardBpsv2Family"],
  ["Standard_A1_v2", 1, "standardAv2Family"],
  ["Standard_A4m_v2", 4, "standardAv2Family"],
  ["Standard_A4", 8, "standardA0_A7Family"],
  ["Standard_A10", 8, "standardA8_A11Family"],
])("of %s are %i vCPUs of %s", (size, cores, family) => {
  expect(coresOf(size)).toBe(cores);
  expect(familyOf(size)?.toLowerCase()).toBe(family.toLowerCase());
});

it.each(["Standard_E4-2s_v5", "Standard_NC6", "Basic"])("knows no quota of %s", (size) => {
  expect(familyOf(size)).toBeUndefined();
});
