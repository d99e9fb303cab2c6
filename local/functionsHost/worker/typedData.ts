import type { RpcTypedData } from "./rpc.ts";

/** The library reads it as JSON where it can. */
export const typedString = (value: string): RpcTypedData => ({ string: value });
/** @param text JSON. */
export const typedJson = (text: string): RpcTypedData => ({ json: text });
export const typedInt = (value: number): RpcTypedData => ({ int: value });

/** The largest whole number that the protocol carries; larger ones become this. */
const LARGEST_INT = 2n ** 63n - 1n;

/** What a function returned, as JSON text; null for nothing. */
export function jsonTextOfTypedData(data: RpcTypedData | null | undefined): string | null {
  if (!data) return null;
  if (typeof data.string === "string") return JSON.stringify(throughUtf8(data.string));
  if (typeof data.json === "string") return data.json;
  if (typeof data.int === "number") return intText(data.int);
  if (typeof data.double === "number") return JSON.stringify(data.double);
  if (data.bytes) return JSON.stringify(Buffer.from(data.bytes).toString("base64"));
  return null;
}

/** Halves of surrogate pairs are no valid UTF-8: each of their three bytes arrives as a replacement character. */
function throughUtf8(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd\ufffd\ufffd");
}

function intText(value: number): string {
  const whole = BigInt(value);
  if (whole > LARGEST_INT) return LARGEST_INT.toString();
  return (whole < -LARGEST_INT - 1n ? -LARGEST_INT - 1n : whole).toString();
}
