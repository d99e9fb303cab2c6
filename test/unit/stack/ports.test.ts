import { describe, expect, it } from "vitest";
import { refuseSharedPorts } from "../../../local/stack/ports.ts";

const service = { port: 17_171, option: "--port", what: "the service" };

describe("refuseSharedPorts", () => {
  it("says which two options name one port", () => {
    const azure = { port: 17_171, option: "--azure-port", what: "the local Azure" };
    expect(() => refuseSharedPorts([service, azure])).toThrow(
      "Port 17171 is chosen twice, for the service and for the local Azure: " +
        "choose another with --port or --azure-port.",
    );
  });

  it("takes ports that differ", () => {
    expect(() => refuseSharedPorts([service, { ...service, port: 17_172 }])).not.toThrow();
  });
});
