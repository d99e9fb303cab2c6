/** Calls to addresses that somebody else has chosen. */
import { lookup } from "node:dns/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isLoopbackAddress, isPublicAddress } from "../domain/callbacks/publicAddress.ts";

export interface OutgoingCall {
  url: string;
  headers: Record<string, string>;
  /** Sent as it is, byte by byte. */
  body: string;
  /** Only this machine itself may be called, and no other: for development. */
  loopback: boolean;
}

export interface OutgoingAnswer {
  status: number;
  retryAfter?: string;
}

/**
 * Sends a POST. A redirect is an answer like others: nobody follows it. Of the answer's body nothing is kept.
 *
 * @throws where there was no answer; the message is fit to be told.
 */
export type Outgoing = (call: OutgoingCall) => Promise<OutgoingAnswer>;

interface Address {
  address: string;
  family: number;
}

/** @returns every address of a name. */
export type Resolve = (hostName: string) => Promise<Address[]>;

const TIMEOUT_MILLISECONDS = 15_000;
/** Read so that a server can end its answer in peace; what is longer is cut off. */
const MOST_BODY_BYTES = 1024;

/**
 * Calls over sockets. A name is resolved once, all its addresses are checked, and the connection is made to the first of
 * them and to nothing else: a name that means another address a moment later (DNS rebinding) gains nothing by it. The
 * certificate is checked by the name.
 *
 * @param ca certificates to trust in place of the usual ones.
 */
export function outgoing({
  resolve = (name) => lookup(name, { all: true, verbatim: true }),
  ca,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
}: { resolve?: Resolve; ca?: string; timeoutMilliseconds?: number } = {}): Outgoing {
  return async ({ url, headers, body, loopback }) => {
    const target = new URL(url);
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const noAnswer = new Error(`There was no answer within ${timeoutMilliseconds / 1000} seconds.`);
    // The library of names cannot be stopped: its answer then comes too late for anybody.
    const givenUp = new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(noAnswer), { once: true });
    });
    givenUp.catch(() => undefined);
    const pinned = await Promise.race([addressOf(target, loopback, resolve), givenUp]);
    return new Promise((done, reject) => {
      const send = target.protocol === "https:" ? httpsRequest : httpRequest;
      const sent = send(target, {
        method: "POST",
        headers: { ...headers, "content-length": String(Buffer.byteLength(body)), connection: "close" },
        // A connection that was kept could lead to what was never checked.
        agent: false,
        lookup: always(pinned),
        signal,
        ...(ca === undefined ? {} : { ca }),
      });
      sent.on("response", (answer) => {
        const retryAfter = answer.headers["retry-after"];
        let bytes = 0;
        answer.on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > MOST_BODY_BYTES) sent.destroy();
        });
        // The status counts, whatever becomes of the rest.
        answer.on("error", () => undefined);
        done({ status: answer.statusCode ?? 0, ...(retryAfter === undefined ? {} : { retryAfter }) });
      });
      sent.on("error", (error) => reject(signal.aborted ? noAnswer : error));
      sent.end(body);
    });
  };
}

/** @throws where any address of the name is one that must not be called: which one is not told. */
async function addressOf({ hostname, protocol }: URL, loopback: boolean, resolve: Resolve): Promise<Address> {
  if (protocol !== "https:" && !loopback) throw new Error("Only https is called.");
  const bare = hostname.replace(/^\[|\]$/g, "");
  const family = isIP(bare);
  const addresses = family ? [{ address: bare, family }] : await resolve(bare);
  const isAllowed = loopback ? isLoopbackAddress : isPublicAddress;
  const [first] = addresses;
  if (!first) throw new Error(`${hostname} has no address.`);
  if (addresses.every(({ address }) => isAllowed(address))) return first;
  throw new Error(`${hostname} has an address that is not ${loopback ? "of this machine" : "a public one"}.`);
}

/** What the socket asks in place of the system: whatever the name, this one address. */
function always({ address, family }: Address): LookupFunction {
  return (_, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
