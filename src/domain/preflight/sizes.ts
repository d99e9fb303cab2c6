/** What a virtual machine's size says by its name: `Standard_D2s_v5`. */

const SIZE = /^Standard_(?<letters>[A-Z]+)(?<number>\d+)(?<suffix>[a-z]*)(?:_v(?<version>\d+))?$/i;

/** In the D, DS and A sizes of old the number is not that of the vCPUs. */
const D_CORES: Readonly<Record<number, number>> = { 3: 4, 4: 8, 5: 16, 11: 2, 12: 4, 13: 8, 14: 16, 15: 20 };
const A_CORES: Readonly<Record<number, number>> = { 0: 1, 3: 4, 4: 8, 5: 2, 6: 4, 7: 8, 8: 8, 9: 16, 10: 8, 11: 16 };

interface Size {
  letters: string;
  number: number;
  suffix: string;
  /** The first has none in its name. */
  version: number;
}

function sizeOf(name: string): Size | undefined {
  const { letters = "", number = "", suffix = "", version = "1" } = SIZE.exec(name)?.groups ?? {};
  return letters
    ? { letters: letters.toUpperCase(), number: Number(number), suffix: suffix.toUpperCase(), version: Number(version) }
    : undefined;
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

/**
 * The name of the quota that a size counts against: `standardDSv5Family`. From the third version on it follows from the
 * size's own; those before have names of their own, of which the common are here.
 *
 * @returns undefined where it is not known.
 */
export function familyOf(name: string): string | undefined {
  const size = sizeOf(name);
  if (!size) return undefined;
  const { letters, number, suffix, version } = size;
  const plain = `standard${letters}${suffix}${version === 1 ? "" : `v${version}`}Family`;
  if (version > 2) return plain;
  if (letters === "A")
    return version === 2 ? "standardAv2Family" : number > 7 ? "standardA8_A11Family" : "standardA0_A7Family";
  // Bs, Bls, Bms and Bts, of Intel, AMD (a) and Arm (p).
  if (letters === "B")
    return version === 1 ? "standardBSFamily" : `standardB${/^[AP]/.exec(suffix)?.[0] ?? ""}Sv2Family`;
  return ["D", "DS", "F"].includes(letters) ? plain : undefined;
}
