/** What the service measures: by its name, the unit as UCUM writes it, what it is, and which attributes tell values apart. */
export const METRICS = {
  "goldsmith.builds": {
    kind: "counter",
    unit: "{build}",
    attributes: ["image", "outcome", "cleanup"],
    what: "Builds that have ended.",
  },
  "goldsmith.build.duration": {
    kind: "histogram",
    unit: "s",
    attributes: ["image", "outcome"],
    what: "From the request until all was clean, waiting included.",
  },
  "goldsmith.phase.duration": {
    kind: "histogram",
    unit: "s",
    attributes: ["phase"],
    what: "How long a build was at one thing.",
  },
  "goldsmith.detection.delay": {
    kind: "histogram",
    unit: "s",
    attributes: [],
    what: "From the end of a run, as image builder tells it, until the service saw it.",
  },
  "goldsmith.grant.duration": {
    kind: "histogram",
    unit: "s",
    attributes: ["role"],
    what: "For how long a build held a role: from the grant until it was read back that it is gone, or others held it alone.",
  },
  "goldsmith.sweeps": {
    kind: "counter",
    unit: "{sweep}",
    attributes: ["result"],
    what: "Sweeps that have ended: done, incomplete or failed.",
  },
  "goldsmith.arm.calls": {
    kind: "counter",
    unit: "{request}",
    attributes: ["operation", "status"],
    what: "Requests sent to Azure Resource Manager. The status is 0 where no answer came.",
  },
  "goldsmith.arm.throttled": {
    kind: "counter",
    unit: "{request}",
    attributes: ["operation"],
    what: "Those of them that Azure answered with 429.",
  },
  "goldsmith.callback.failures": {
    kind: "counter",
    unit: "{attempt}",
    attributes: ["dead"],
    what: "Attempts to deliver a callback that failed; dead: it was the last one.",
  },
} as const;

/** How much of something there is: told at the end of each sweep. */
export const GAUGES = {
  "goldsmith.grants.standing": { unit: "{grant}", what: "Role assignments of the service's that exist." },
  "goldsmith.grants.overdue": { unit: "{grant}", what: "Those of them that somebody holds beyond their deadline." },
  "goldsmith.leftovers": {
    unit: "{resource}",
    what: "What should be gone and is not: stuck, or only a person may remove it.",
  },
  "goldsmith.sweeps.due": {
    unit: "s",
    what: "Until when the next sweep has to have come to its end, in seconds since 1970; told by each that has not failed.",
  },
  "goldsmith.queue.length": { unit: "{build}", what: "Builds that wait for their turn." },
  "goldsmith.queue.oldest": { unit: "s", what: "For how long the first of them has waited." },
} as const;

export type MetricName = keyof typeof METRICS;
export type GaugeName = keyof typeof GAUGES;

/** The attributes of a metric, each of which has few values. */
export type Measured<Name extends MetricName> = Record<(typeof METRICS)[Name]["attributes"][number], string>;
