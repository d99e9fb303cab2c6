import { ofTemplate, type PackerPhase, scenario, type ScenarioTable } from "./scenario.ts";

/** Packer gives up; `log` says why. */
const packer = (phase: PackerPhase, source: string, does: string, problem: string, ...log: string[]) =>
  ofTemplate(source, does, { on: "packer", phase, problem, log });

const EXIT = "Error when executing packerizer: Packer build command has failed: exit status 1";

/** What goes wrong in packer, and what its log tells. */
export const packerScenarios: ScenarioTable = {
  "customizer-fails": {
    ...scenario("errors #29, 1.5", "the step `customizer`, or the last one, exits with 1, having said `line`", {
      on: "customizer",
    }),
    takes: ["template", "count", "customizer", "line"],
  },
  "build-times-out": ofTemplate(
    "errors #30, 1.5",
    "the last step asks something, and nobody answers until the build's timeout",
    { on: "packer", phase: "Customizing", log: ["Do you want to continue? [Y/n]"] },
  ),
  "token-too-short": packer(
    "Starting",
    "errors #32",
    "packer's token does not live long enough",
    "client_jwt will expire within 5 minutes, please use a JWT that is valid for at least 5 minutes",
  ),
  "restart-times-out": packer(
    "Customizing",
    "errors #33",
    "Windows is restarted while it installs updates",
    EXIT,
    "A system shutdown is in progress.(1190)",
    "Timeout waiting for machine to restart.",
  ),
  "update-out-of-memory": packer(
    "Customizing",
    "errors #34",
    "Windows Update fails on a machine that is too small",
    EXIT,
    "A system shutdown is in progress.(1115)",
    "unexpected EOF",
  ),
  "sysprep-undeployable": packer(
    "Customizing",
    "errors #35",
    "sysprep races the guest agent",
    EXIT,
    "IMAGE_STATE_UNDEPLOYABLE",
    "IMAGE_STATE_UNDEPLOYABLE",
    "IMAGE_STATE_UNDEPLOYABLE",
  ),
  "connection-cut": packer(
    "Customizing",
    "errors #36",
    "a script cuts the connection that packer came by",
    EXIT,
    "Communicator ended with: 2300218",
    "Cancelling builder after context cancellation context canceled",
  ),
  "inbound-blocked": packer(
    "Connecting",
    "errors #37, 1.9",
    "a network security group keeps packer from the machine",
    EXIT,
    "Timeout waiting for {protocol}.",
  ),
  "outbound-blocked": packer(
    "Customizing",
    "1.9",
    "no route leads out of the subnet: the first download hangs until it is given up",
    EXIT,
    "curl: (28) Failed to connect to packages.microsoft.com port 443 after 130841 ms: Connection timed out",
    "Script exited with non-zero exit status: 28. Allowed exit codes are: [0]",
  ),
  "clean-up-noise": scenario("errors #43", "the log tells of harmless trouble in cleaning up", {
    on: "log",
    lines: [
      'Error deleting resource. Will retry. Code="PublicIPAddressCannotBeDeleted"',
      'Error deleting resource. Will retry. Code="InUseNetworkSecurityGroupCannotBeDeleted"',
    ],
  }),
  "huge-log": scenario(
    "1.8",
    "the log has `bytes` (1 GB) more than the build says",
    { on: "log-size", bytes: 2 ** 30 },
    "template",
    "bytes",
  ),
};
