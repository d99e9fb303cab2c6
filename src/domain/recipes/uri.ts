import ipaddr from "ipaddr.js";
import * as z from "zod";

/** Parameters of a URI's query with which whoever has the URI has access: of Azure, of other clouds, of code hosts. */
const TOKENS = ["sig", "signature", "code", "x-amz-signature", "x-goog-signature", "access_token", "token"];

/** Of something that image builder fetches. */
export const uri = z.string().superRefine((text, context) => {
  const fault = (message: string) => context.addIssue({ code: "custom", message });
  if (!URL.canParse(text)) return fault("is not a URI");
  if (!/^https?:/i.test(text)) return fault("is no place of the Internet: takes a URI of https, or of http");
  const { hostname, search, hash, username, password } = new URL(text);
  if (isOfTheMachine(hostname)) {
    return fault("is at an address of the machine that fetches it, or of its platform, where nothing of yours can be");
  }
  // Some servers part them by semicolons, HTML has `&amp;`, and after a number sign they are still to be read.
  const names = [...new URLSearchParams(`${search.slice(1)}&${hash.slice(1)}`.replaceAll(";", "&")).keys()];
  const token = names.map((name) => name.replace(/^.*\?/, "")).find((name) => TOKENS.includes(name.toLowerCase()));
  if (token === undefined && username === "" && password === "") return undefined;
  const what = token === undefined ? "a user or a password" : `a token, ${token}`;
  return fault(
    `holds ${what}, which whoever reads the template could use: leave it out, and let the builder read it by a role`,
  );
});

/** By which virtual machines reach the platform: its agent, its name server, its health probes. */
const PLATFORM = "168.63.129.16";
/** As ipaddr.js calls them. Private addresses are not among them: a closed network has servers of its own. */
const OF_THE_MACHINE = new Set(["unspecified", "loopback", "linkLocal", "multicast", "broadcast"]);

/**
 * Whether a host is the one that fetches, or answers to that one alone, as its metadata service does: so that nothing is
 * asked there in the name of image builder or of the build VM.
 *
 * @param hostname of a parsed URL, in which an address is written in one way only.
 */
function isOfTheMachine(hostname: string): boolean {
  const name = hostname.replace(/\.$/, "");
  if (/(^|\.)localhost$/.test(name)) return true;
  const address = name.replace(/^\[(.*)\]$/, "$1");
  if (!ipaddr.isValid(address)) return false;
  const meant = ipaddr.process(address);
  return meant.toString() === PLATFORM || OF_THE_MACHINE.has(meant.range());
}
