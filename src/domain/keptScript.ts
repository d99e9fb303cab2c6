import { containerUrl } from "./blobUrl.ts";
import { fetchedBy } from "./fetched.ts";
import type { ImageTemplateBody } from "./imageTemplate.ts";
import { scriptPath } from "./recipes/beside.ts";

/** A script or file beside a recipe that the service itself puts where image builder fetches it. */
export interface KeptScript {
  /** From the recipes' folder. */
  path: string;
  /** Of its content, hexadecimal. */
  sha256: string;
}

/** Its name in the container: another content is another blob, so that none is ever written anew. */
export function blobOfScript({ path, sha256 }: KeptScript): string {
  return `${sha256}/${path}`;
}

/** Where image builder fetches it. @param container its id. */
export function uriOfScript(container: string, script: KeptScript): string {
  return [containerUrl(container), ...blobOfScript(script).split("/").map(encodeURIComponent)].join("/");
}

/** What a template fetches of a container under names that `blobOfScript` gives, each once. */
export function keptScriptsIn(
  template: Pick<ImageTemplateBody, "customize" | "validate">,
  container: string,
): KeptScript[] {
  const scripts = fetchedBy(template).flatMap(({ uri, sha256Checksum: sha256 = "" }): KeptScript[] => {
    const path = pathIn(uri, `${containerUrl(container)}/${sha256}/`);
    return path === undefined ? [] : [{ path, sha256 }];
  });
  return [...new Map(scripts.map((script) => [blobOfScript(script), script])).values()];
}

/** A person can write any URI. */
function pathIn(uri: string, start: string): string | undefined {
  if (!uri.startsWith(start)) return undefined;
  try {
    return scriptPath.safeParse(decodeURIComponent(uri.slice(start.length))).data;
  } catch {
    return undefined;
  }
}
