import { beforeAll, describe, expect, it } from "vitest";
import { brokenBy } from "../support/faults/describeFaults.ts";
import { mutations } from "../support/faults/mutations.ts";
import type { Row } from "../support/faults/row.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { cleaning } from "./table/cleaning.ts";
import { granting } from "./table/granting.ts";
import { hosts } from "./table/hosts.ts";
import { running } from "./table/running.ts";
import { sharing } from "./table/sharing.ts";
import { templatesTable } from "./table/templates.ts";

const table: Row[] = [...granting, ...templatesTable, ...running, ...cleaning, ...hosts, ...sharing];

/** By mutation, the row and the moment that see it, and what they see. */
const SEEN_BY: Record<keyof typeof mutations, [fault: number, moment: string, broken: RegExp]> = {
  "the template's undo is dropped": [8, "for a script", /^T: .* left .*imagetemplates/],
  "the staging group is never looked at": [
    18,
    "and its staging group lingers",
    /^G: network join went before the staging/,
  ],
  "a run that is being cancelled counts as ended": [17, "cancelled by a person", /^L: .* before the run's end/],
  "what somebody else made counts as ours": [33, "a template of its name", /^O: .* is of somebody else's making/],
  "the grants' undo is dropped": [5, "at the second", /^[GT]: .*left/],
  "the order of the revocations is swapped": [31, "early", /^G: network join went before the template/],
  "the holders of a lease are miscounted": [35, "running", /no run lost its grants/],
  "what was revoked is not read back": [22, "403 for 2 hours", /^[GT]: /],
  "the fence before a run is skipped": [26, "of a build", /^R: .* asked for more than once/],
  "proof of ownership is ignored": [33, "a template that looks like ours", /^O: .* not ours, and was written to/],
  "deadlines are ignored": [17, "cancelled by a person", /^G: .* was held for/],
  "the log is archived after the template is deleted": [
    10,
    "at the first look",
    /^L: .* after its template was deleted/,
  ],
  "a log goes through the history": [21, "of 32 MB", /^H: the history of .* bytes$/],
  "a run that was not answered is asked for again": [11, "503", /^R: .* asked for more than once/],
  "a receipt claims that a grant was removed which is still there": [
    22,
    "403 for 2 hours",
    /^T: .* says of its .* that it was gone at .*, when it was there$/,
  ],
  "a receipt dates a removal before it": [23, "before the second", /^T: .* that it was gone at .*, when it was there$/],
  "a receipt is silent about a grant": [23, "before the second", /^T: .* had .*, and does not say so$/],
  "a receipt claims that others hold a grant": [
    35,
    "revoking network join",
    /^T: .* says of its .* that others held on to it, and nobody did$/,
  ],
  "the sweeper acts without grace": [34, "terminate, running", /within the grace period/],
};

beforeAll(warmUp, 120_000);

describe("the table of faults", () => {
  it.each(Object.entries(SEEN_BY))("fails where %s", async (mutation, [fault, moment, broken]) => {
    const phase = table.find((row) => row.fault === fault)?.phases[moment];
    if (!phase) throw new Error(`There is no moment "${moment}" of fault ${fault}.`);
    expect(await brokenBy(phase, mutations[mutation as keyof typeof mutations])).toContainEqual(
      expect.stringMatching(broken),
    );
  });
});
