/** What a virtual machine's size says by its name: `Standard_D2s_v5`. */

const SIZE = /^Standard_(?<letters>[A-Z]+)(?<number>\d+)(?<suffix>[a-z]*)(?:_v(?<version>\d+))?(?<promo>_Promo)?$/i;

/** In the D, DS and A sizes of old the number is not that of the vCPUs. */
const D_CORES: Readonly<Record<number, number>> = { 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16, 15: 20 };
const A_CORES: Readonly<Record<number, number>> = { 0: 1, 3: 4, 4: 8, 5: 2, 6: 4, 7: 8, 8: 8, 9: 16, 10: 8, 11: 16 };

interface Size {
  letters: string;
  number: number;
  suffix: string;
  /** The first has none in its name. */
  version: number;
  /** Sold at a lower price for a while, with a quota of its own. */
  isPromo: boolean;
}

function sizeOf(name: string): Size | undefined {
  const { letters, number, suffix = "", version = "1", promo } = SIZE.exec(name)?.groups ?? {};
  if (!letters) return undefined;
  return {
    letters: letters.toUpperCase(),
    number: Number(number),
    suffix: suffix.toUpperCase(),
    version: Number(version),
    isPromo: promo !== undefined,
  };
}

/** vCPUs of one machine; where the name is a strange one, the least that there is. */
export function coresOf(name: string): number {
  const size = sizeOf(name);
  if (!size) return 1;
  const { letters, number, version } = size;
  if (/^DS?$/.test(letters) && version < 3) return D_CORES[number] ?? number;
  if (letters === "A" && version === 1) return A_CORES[number] ?? number;
  return number;
}

/** Of the first two versions, those whose quota is named by all letters of the size. */
const PLAIN = ["D", "DS", "F", "G", "GS", "L"];

/**
 * The name of the quota that a size counts against: `standardDSv5Family`. From the third version on it follows from the
 * size's own; those before have names of their own, of which the common are here, as the table of sizes in Microsoft's
 * cyclecloud-scalelib (hpc/autoscale/node/vm_sizes.py) has them; that of the second B sizes, which are younger, as
 * `az vm list-skus` and Azure's refusals for want of quota tell them.
 *
 * @returns undefined where it is not known.
 */
export function familyOf(name: string): string | undefined {
  const size = sizeOf(name);
  if (!size) return undefined;
  const { letters, number, suffix, version, isPromo } = size;
  const plain = `standard${letters}${suffix}${version === 1 ? "" : `v${version}`}${isPromo ? "Promo" : ""}Family`;
  if (version > 2) return plain;
  if (letters === "A")
    return version === 2 ? "standardAv2Family" : number > 7 ? "standardA8_A11Family" : "standardA0_A7Family";
  // Bs, Bls, Bms and Bts, of Intel, AMD (a) and Arm (p).
  if (letters === "B")
    return version === 1 ? "standardBSFamily" : `standardB${/^[AP]/.exec(suffix)?.[0] ?? ""}Sv2Family`;
  // With and without premium storage they are of one family.
  if (letters === "DC") return version === 1 ? "standardDCSFamily" : "standardDCSv2Family";
  return PLAIN.includes(letters) ? plain : undefined;
}

/** A `p` among the letters behind the number tells an Arm processor. @returns undefined where the name is a strange one. */
export function architectureOf(name: string): "Arm64" | "x64" | undefined {
  const size = sizeOf(name);
  return size && (size.suffix.includes("P") ? "Arm64" : "x64");
}

/** The A sizes do not, whatever their version (Microsoft Learn, Av2-series). @returns undefined where it is not known. */
export function takesSecondGeneration(name: string): boolean | undefined {
  return sizeOf(name)?.letters === "A" ? false : undefined;
}
