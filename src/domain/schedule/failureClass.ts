import { isAboutApproval } from "../approval.ts";
import type { Failure, Owner } from "../failure.ts";
import type { Outcome } from "../receipt.ts";

/**
 * Why a build has failed, as far as it matters to its schedule: `transient` may be over in a while; the others stay
 * until somebody does something: about a quota, about recipe, access, network and settings, about what a script does, or
 * about Azure and the service themselves.
 */
export type FailureClass = "transient" | "quota" | "configuration" | "customizer" | "platform";

/** Matched against `<code> <message>`; the first counts. */
const RULES: readonly [RegExp, FailureClass][] = [
  [/QuotaExceeded|quota exceeded/i, "quota"],
  [/context deadline exceeded|Packer build command has failed|PackerBuildFailed|^run-overdue/, "customizer"],
  [/TooManyRequests|Throttled|Too many Azure Container Instances/i, "transient"],
  [/AllocationFailed|SkuNotAvailable/, "transient"],
  [
    /InternalOperationError|ServerError|ServerTimeout|GatewayTimeout|InternalServerError|ServiceUnavailable/,
    "transient",
  ],
  // Requests or answers that got lost, and outages of the service's own.
  [/^(attempts-exhausted|run-never-started|run-late|attempt-stuck|grant-overdue|step-failed|build-lost)/, "transient"],
  [/^(plan-changed|queue-expired)/, "transient"],
];

const BY_OWNER: Record<Owner, FailureClass> = {
  requester: "configuration",
  network: "configuration",
  identity: "configuration",
  policy: "configuration",
  operator: "platform",
  platform: "platform",
};

export function classOfFailure({ code, message, owner }: Failure): FailureClass {
  return RULES.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1] ?? BY_OWNER[owner];
}

/** @returns undefined where the build has neither failed nor been refused. */
export function failureOf(outcome: Outcome): { class: FailureClass; code: string; mend: string } | undefined {
  if (outcome.kind === "failed") {
    const { failure } = outcome;
    return { class: classOfFailure(failure), code: failure.code, mend: failure.mend };
  }
  // That somebody did not want a build does not mean that the next one fails.
  if (outcome.kind !== "refused" || outcome.findings.some(isAboutApproval)) return undefined;
  const [first] = outcome.findings.filter(({ severity }) => severity === "blocks");
  const { code = "refused", mend = "Read the findings in the receipt." } = first ?? {};
  return { class: /quota/.test(code) ? "quota" : "configuration", code, mend };
}
