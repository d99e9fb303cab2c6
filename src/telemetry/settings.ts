/** Where telemetry is sent: to none, one or both. */
export interface TelemetrySettings {
  /** Of an Application Insights component. */
  connectionString: string | undefined;
  /** Of the identity that signs in there; undefined: whoever has the connection string may write. */
  clientId: string | undefined;
  /** Of a collector that takes OTLP over HTTP, without `/v1/…`. */
  otlpEndpoint: string | undefined;
}

/** @param text as the host reads it: `Authorization=AAD;ClientId=…`. @returns the client id; undefined where it has none. */
export function clientIdIn(text: string): string | undefined {
  const members = new Map(text.split(";").map((one) => one.trim().split("=", 2) as [string, string]));
  return members.get("Authorization")?.toUpperCase() === "AAD" ? members.get("ClientId") : undefined;
}
