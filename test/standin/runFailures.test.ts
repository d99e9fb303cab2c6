import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { finish, rawTemplate, readyTemplate, runToEnd, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";

const shell = (name: string, ...inline: string[]) => ({ type: "Shell", name, inline }) as never;

describe("a run that does not succeed", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const versions = () =>
    cloud.state().resources.filter(({ type }) => type === "Microsoft.Compute/galleries/images/versions");
  const logOf = async (message = "") => {
    const url = /Image Build log location: (\S+customization\.log)/.exec(message)?.[1] ?? "";
    const token = await cloud.tokenOf(serviceIdentity, "https://storage.azure.com");
    return (await cloud.send("GET", url, { token, headers: { "x-ms-version": "2025-11-05" } })).text;
  };

  it("fails where a command exits with something else than 0, and says where the log lies", async () => {
    await readyTemplate(cloud, "t", {
      customize: [shell("first", "echo fine"), shell("second", "exit 3"), shell("third", "echo never")],
    });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed" });
    expect(status?.message).toContain("Packer build command has failed: exit status 1");
    expect(status?.message).toMatch(/OperationId: [\da-f-]{36}\. Use this operationId to search packer logs\./);
    const log = await logOf(status?.message);
    expect(log).toContain("Script exited with non-zero exit status: 3. Allowed exit codes are: [0]");
    expect(log).toContain("packer-shell-second");
    expect(log).not.toContain("echo never");
    expect(log.match(/\(telemetry\) Starting provisioner shell/g)).toHaveLength(2);
    expect(versions()).toEqual([]);
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Succeeded");
  });

  it("keeps staging group and log after a failure, without the machines", async () => {
    await readyTemplate(cloud, "t", { customize: [shell("bad", "exit 1")] });
    await runToEnd(cloud, "t");
    const { exactStagingResourceGroup } = (await rawTemplate(cloud, "t")).properties;
    const left = cloud.state().resources.filter(({ id }) => String(id).startsWith(exactStagingResourceGroup));
    expect(left.map(({ type }) => type)).toEqual(["Microsoft.Storage/storageAccounts"]);
  });

  const bad = [shell("bad", "exit 1")];
  it.each<[string, object, number]>([
    ["a customizer fails", { customize: bad, errorHandling: { onCustomizerError: "abort" } }, 1],
    ["a validator fails", { validate: { inVMValidations: bad }, errorHandling: { onValidationError: "abort" } }, 1],
    ["the other fails", { validate: { inVMValidations: bad }, errorHandling: { onCustomizerError: "abort" } }, 0],
  ])("keeps the machine where errorHandling says so: %s", async (_, changes, kept) => {
    const machines = () => cloud.state().resources.filter(({ name }) => String(name).startsWith("pkrvm"));
    await readyTemplate(cloud, "t", changes);
    await runToEnd(cloud, "t");
    expect(machines()).toHaveLength(kept);
    await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
    expect(machines()).toEqual([]);
  });

  it("reads a command of any length once", async () => {
    await readyTemplate(cloud, "t", { customize: [shell("long", `echo ${" ".repeat(20_000)}$`)] });
    const before = performance.now();
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it("logs each line of a command, and takes none of several for all that it does", async () => {
    const script = shell("script", "echo one\nrm two", "if false; then\n  exit 3\nfi", "exit 4");
    await readyTemplate(cloud, "t", { customize: [script] });
    const log = await logOf((await runToEnd(cloud, "t"))?.message);
    const said = [...log.matchAll(/PACKER OUT     azure-arm: (.*)/g)].map(([, line]) => line);
    expect(said.slice(said.indexOf("+ echo one"))).toEqual([
      "+ echo one",
      "+ rm two",
      "+ if false; then",
      "+   exit 3",
      "+ fi",
      "+ exit 4",
    ]);
    expect(log).toContain("non-zero exit status: 4");
  });

  it("takes exit 0, and what a PowerShell customizer calls valid, for success", async () => {
    const customize = [
      shell("early", "exit 0", "echo never"),
      { type: "PowerShell", name: "reboot", inline: ["exit 3010"], validExitCodes: [0, 3010] } as never,
    ];
    await readyTemplate(cloud, "t", { customize });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
  });

  it("fails the customizer that a scenario names, with the line that it asks for", async () => {
    cloud.addFault({ scenario: "customizer-fails", customizer: "tools", line: "E: Unable to locate package helm" });
    await readyTemplate(cloud, "t");
    const status = await runToEnd(cloud, "t");
    expect(await logOf(status?.message)).toContain("E: Unable to locate package helm");
  });

  it("fails where it takes longer than its timeout, in packer's words", async () => {
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 6 });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed", message: expect.stringContaining("context deadline exceeded") });
    expect(Number(status?.endTime) - Number(status?.startTime)).toBe(6 * 60_000);
  });

  it("may leave a version behind that goes on being replicated after the timeout", async () => {
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 12 });
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({
      runState: "Failed",
      message: "Error publishing MDI to Azure Compute Gallery: context deadline exceeded",
    });
    expect(versions()).toMatchObject([{ properties: { provisioningState: "Creating" } }]);
    await cloud.pass(1200);
    expect(versions()).toMatchObject([{ properties: { provisioningState: "Succeeded" } }]);
  });

  it("cannot work with a timeout of 1 to 5 minutes, which the schema allows", async () => {
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 5 });
    expect((await runToEnd(cloud, "t"))?.message).toContain("client_jwt will expire within 5 minutes");
  });

  it("fails on a validation, and distributes all the same where it is told to", async () => {
    const validate = { inVMValidations: [{ type: "Shell", inline: ["exit 1"] } as never] };
    await readyTemplate(cloud, "t", { validate });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Failed" });
    expect(versions()).toEqual([]);
    cloud.reset();
    await readyTemplate(cloud, "t", { validate: { ...validate, continueDistributeOnFailure: true } });
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Failed" });
    expect(versions()).toHaveLength(1);
  });

  it("fails its operation too, without saying why", async () => {
    await readyTemplate(cloud, "t", { customize: [shell("bad", "exit 1")] });
    await expect(finish(cloud, templates().run(TEMPLATE_GROUP, "t"))).rejects.toThrow(/InternalOperationError/);
  });
});
