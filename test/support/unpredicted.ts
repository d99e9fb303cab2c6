/** Scenarios of the local Azure that the preflight does not foresee, by what they are, each with the reason. */

const all = (reason: string, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, reason]));

export const UNPREDICTED: Readonly<Record<string, string>> = {
  ...all(
    "An answer that fails or gets lost on the way says nothing of the ground, and the next one may come.",
    "run-gateway-timeout",
    "delete-gateway-timeout",
    "run-reply-lost",
    "template-unreadable",
    "not-readable-yet",
    "operation-gone",
    "gateway-html",
    "throttled-without-retry-after",
    "request-hangs",
    "tokens-unavailable",
    "slow-template-status",
    "grant-not-readable-yet",
  ),
  ...all(
    "When Azure notices a role assignment that is yet to be made cannot be read before it is.",
    "grant-never-propagates",
    "grant-propagates-in",
    "principal-not-found",
  ),
  ...all(
    "It begins with the run, or after it, and nothing tells of it before.",
    "run-hangs",
    "cancel-hangs",
    "cancel-refused",
    "delete-refused",
    "deletion-stuck",
    "staging-group-lingers",
    "replication-outlives-timeout",
    "source-gone",
    "identity-unusable",
  ),
  ...all("Azure itself says no more than that it failed.", "creation-generic-failure"),
  ...all("How many were started a moment ago is in no usage that can be read.", "container-instances-burst"),
  ...all(
    "What a script does, or how long, shows when it runs.",
    "customizer-fails",
    "build-times-out",
    "connection-cut",
    "clean-up-noise",
    "huge-log",
  ),
  ...all(
    "The preflight fetches no script: what one is, and whether it is that of its checksum, shows when image builder does.",
    "script-checksum-mismatch",
  ),
  ...all(
    "Of builds of Windows, which recipes are not for: `customizer-unfit` blocks them for whatever reason.",
    "restart-times-out",
    "update-out-of-memory",
    "sysprep-undeployable",
    "proxy-disk-denied",
  ),
  ...all(
    "Of managed images as targets, which the service does not make.",
    "missing-image-delete-role",
    "trusted-launch-managed-image",
  ),
  ...all("Recipes give the build VM no identities.", "missing-identity-role"),
  ...all(
    "The staging group is made new for each attempt, by image builder, which gives the builder its role there.",
    "missing-staging-role",
    "staging-group-shared",
    "staging-group-not-empty",
    "staging-group-elsewhere",
  ),
  ...all(
    "The request is the service's own, by a recipe that its schema has let pass, under a name that is new for each attempt.",
    "template-exists",
    "bad-source-id",
    "unknown-field",
    "missing-field",
    "run-output-dropped",
    "token-too-short",
    "grant-update-not-permitted",
  ),
  ...all(
    "It is how Azure takes a repetition, and the service does not make one that matters.",
    "identical-grant-conflicts",
  ),
  ...all(
    "Azure tells which versions of image builder's API it knows. That the service's is one of them is for whoever changes it, and not looked at with each build.",
    "version-not-supported",
  ),
  ...all("A subscription tells of its thousands of role assignments only by listing them all.", "grant-limit-reached"),
  ...all(
    "Deny assignments are rare, and would take a read more of each scope and build. The step that one forbids fails with advice that names it.",
    "deny-assignment",
  ),
  ...all(
    "The image is built all the same; its receipt says that the log could not be read.",
    "log-forbidden",
    "log-missing",
  ),
};
