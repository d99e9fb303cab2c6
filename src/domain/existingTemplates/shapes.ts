import type { ApiVersion } from "./apiVersions.ts";

/** What a value has to be, in the way that image builder's REST specification says it. */
export type Shape =
  | { kind: "text"; pattern?: RegExp; says?: string; isFree?: boolean; isRegion?: boolean; isChecksum?: boolean }
  | { kind: "integer"; least: number; most: number }
  | { kind: "boolean" }
  | { kind: "choice"; values: readonly string[] }
  | { kind: "list"; of: Shape }
  /** Names that the user gives: tags, identities. */
  | { kind: "record"; of: Shape }
  | ObjectShape
  /** Objects that say with one field what they are. */
  | { kind: "union"; by: string; variants: Readonly<Record<string, ObjectShape>> };

export interface ObjectShape {
  kind: "object";
  fields: Readonly<Record<string, Field>>;
}

export interface Field {
  shape: Shape;
  isRequired?: boolean;
  /** Filled in by image builder, and so in templates that were read back; nothing that one can send. */
  isReadOnly?: boolean;
  since?: ApiVersion;
  /** What older versions called it. */
  formerly?: string;
}

export const text: Shape = { kind: "text" };
/** Commands, names and descriptions, in which anything may stand. */
export const freeText: Shape = { kind: "text", isFree: true };
export const region: Shape = { kind: "text", isRegion: true };
export const checksum: Shape = { kind: "text", isChecksum: true };
export const boolean: Shape = { kind: "boolean" };

/** All of image builder's are of 32 bits. */
export function integer(least = -(2 ** 31), most = 2 ** 31 - 1): Shape {
  return { kind: "integer", least, most };
}

export function choice(...values: string[]): Shape {
  return { kind: "choice", values };
}

export function list(of: Shape): Shape {
  return { kind: "list", of };
}

export function object(fields: Readonly<Record<string, Field | Shape>>): ObjectShape {
  return {
    kind: "object",
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [name, "shape" in field ? field : { shape: field }]),
    ),
  };
}

export function required(shape: Shape): Field {
  return { shape, isRequired: true };
}

export function since(version: ApiVersion, shape: Shape): Field {
  return { shape, since: version };
}

/** Whatever it is, it is left out. */
export const readOnly: Field = { shape: freeText, isReadOnly: true };
