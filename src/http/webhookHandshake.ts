/** Who may ask whether events are wanted here. */
const ORIGIN = "eventgrid.azure.net";

/**
 * The answer to the handshake of CloudEvents' webhooks, in which an origin asks by OPTIONS whether it may send events.
 * Whether it has the right to is not asked: it is told nothing else, and each delivery has to prove who sends it.
 *
 * @returns undefined where nobody asks, or an origin that is not expected.
 */
export function webhookAllowed(headers: Headers): Record<string, string> | undefined {
  if (headers.get("webhook-request-origin")?.toLowerCase() !== ORIGIN) return undefined;
  return { "WebHook-Allowed-Origin": ORIGIN, "WebHook-Allowed-Rate": "*" };
}
