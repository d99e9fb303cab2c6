/** The metadata service of a build VM and the key vaults it reaches, for scripts that are run for real. */
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { serverCertificate } from "../../../local/azure/server/certificate.ts";

/** What the vaults answer for a path such as `kv-builds/secrets/api-token`: to one identity alone, or to each. */
export type Answer = { value: string; reader?: string } | { status: number; body?: object; location?: string };

export interface VaultGround {
  metadataPort: number;
  vaultPort: number;
  /** The authority that the vaults' certificate is of, PEM. */
  ca: string;
  /** Ids of identities that are on the machine; each gets a token of its own. */
  identities: string[];
  secrets: Map<string, Answer>;
  /** What both answer first, before they are as they should be: by `metadata` or `vault`. */
  outages: ("metadata" | "vault")[];
  /** Everything that must show nowhere: tokens that were given out, and values. */
  hidden(): string[];
  /** What of it stood in the arguments or the environment of a process while one of them was asked. */
  shown: string[];
  close(): void;
}

/** Of the identity at a place of the list; it looks like one. */
const tokenOf = (at: number) =>
  `eyJhbGciOiJub25lIn0.${Buffer.from(`identity ${at}`).toString("base64url")}.signature${at}`;

export async function startVaultGround(): Promise<VaultGround> {
  const certificate = await serverCertificate();
  const metadata = createServer((request, response) => answer(request, response, "metadata"));
  const vaults = createHttpsServer(certificate, (request, response) => answer(request, response, "vault"));
  for (const server of [metadata, vaults]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
  const portOf = (server: typeof metadata) => (server.address() as AddressInfo).port;
  const ground: VaultGround = {
    metadataPort: portOf(metadata),
    vaultPort: portOf(vaults),
    ca: certificate.ca,
    identities: [],
    secrets: new Map(),
    outages: [],
    hidden: () => [
      ...ground.identities.map((_, at) => tokenOf(at)),
      ...[...ground.secrets.values()].flatMap((one) => ("value" in one ? one.value.split("\n") : [])).filter(Boolean),
    ],
    shown: [],
    close: () => [metadata, vaults].forEach((server) => server.close()),
  };

  function answer(request: IncomingMessage, response: ServerResponse, of: "metadata" | "vault"): void {
    const processes = processesNow();
    ground.shown.push(...ground.hidden().filter((one) => one.length > 8 && processes.includes(one)));
    const tell = (status: number, body: object, location?: string) =>
      response
        .writeHead(status, {
          "Content-Type": "application/json; charset=utf-8",
          ...(location && { Location: location }),
        })
        .end(JSON.stringify(body));
    if (ground.outages[0] === of) {
      ground.outages.shift();
      return void tell(503, {});
    }
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    void (of === "metadata" ? metadataFor(request, url, tell) : vaultFor(request, url, tell));
  }

  function metadataFor(request: IncomingMessage, { host, pathname, searchParams }: URL, tell: Tell) {
    const at = ground.identities.indexOf(searchParams.get("msi_res_id") ?? "");
    const isAsked =
      host === "169.254.169.254" &&
      pathname === "/metadata/identity/oauth2/token" &&
      searchParams.get("api-version") === "2018-02-01" &&
      searchParams.get("resource") === "https://vault.azure.net";
    if (!isAsked || request.headers["metadata"] !== "true" || request.headers["x-forwarded-for"] !== undefined) {
      return tell(400, { error: "invalid_request", error_description: "Required metadata header not specified" });
    }
    if (at < 0) return tell(400, { error: "invalid_request", error_description: "Identity not found" });
    return tell(200, { access_token: tokenOf(at), expires_in: "3599", token_type: "Bearer" });
  }

  function vaultFor(request: IncomingMessage, { hostname, pathname, searchParams }: URL, tell: Tell) {
    const bearer = /^Bearer (.*)$/.exec(request.headers.authorization ?? "")?.[1];
    const reader = ground.identities.find((_, at) => tokenOf(at) === bearer);
    if (!reader) return tell(401, refusal("Unauthorized"));
    if (searchParams.get("api-version") !== "7.4") return tell(400, refusal("BadParameter"));
    const found = ground.secrets.get(`${hostname.replace(/\.vault\.azure\.net$/, "")}${pathname}`);
    if (!found) return tell(404, refusal("SecretNotFound"));
    if ("reader" in found && found.reader !== reader) return tell(403, refusal("Forbidden", "ForbiddenByRbac"));
    if ("status" in found) return tell(found.status, found.body ?? {}, found.location);
    return tell(200, { value: found.value, id: `https://${hostname}${pathname}`, attributes: { enabled: true } });
  }

  return ground;
}

type Tell = (status: number, body: object, location?: string) => unknown;

/** As a vault words it; the code that tells more is an inner one. */
export function refusal(code: string, inner?: string): object {
  return { error: { code, message: `Told of ${code}.`, ...(inner ? { innererror: { code: inner } } : {}) } };
}

/** Arguments and environments of all processes that can be seen, but for this one's own. */
function processesNow(): string {
  return readdirSync("/proc")
    .filter((one) => /^\d+$/.test(one) && Number(one) !== process.pid)
    .flatMap((id) => ["cmdline", "environ"].map((file) => readOrNothing(`/proc/${id}/${file}`)))
    .join("\n");
}

/** A process may have ended since. */
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
