import type { HttpRequest } from "@azure/functions";
import { LARGEST_BODY } from "../domain/jsonBody.ts";

/** The body, unless its announced length rules it out: what is too large is not worth reading. */
export async function bodyOf(request: HttpRequest, largest = LARGEST_BODY): Promise<Uint8Array> {
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > largest) return new Uint8Array(largest + 1);
  return new Uint8Array(await request.arrayBuffer());
}
