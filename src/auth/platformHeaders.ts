import ipaddr from "ipaddr.js";

/** Who is on the other side, as the platform saw it: it adds that behind what the client says itself. */
export function addressOf(headers: Headers, { forwardsAddress }: { forwardsAddress: boolean }): { address?: string } {
  const last = forwardsAddress ? headers.get("x-forwarded-for")?.split(",").at(-1)?.trim() : undefined;
  const bare = last?.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^([\d.]+):\d+$/, "$1") ?? "";
  return ipaddr.isValid(bare) ? { address: ipaddr.parse(bare).toString() } : {};
}

/** Whether it names somebody as the platform does when it has let them sign in. */
export function namesPrincipal(headers: Headers): boolean {
  return ["x-ms-client-principal", "x-ms-client-principal-id", "x-ms-client-principal-name"].some((name) =>
    headers.has(name),
  );
}
