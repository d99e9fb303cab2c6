import type { InvocationContext } from "@azure/functions";
import { expect, it } from "vitest";
import { NotReady, type SettingFault } from "../../../src/domain/notReady.ts";
import { getReadiness } from "../../../src/functions/getReadiness.http.ts";
import type { Asked } from "../../../src/http/door.ts";
import { mendOf } from "../../../src/settingHelp.ts";
import { answering } from "../../../src/http/answering.ts";
import { answer } from "../../../src/http/answers.ts";
import { heldRefusal } from "../../support/openApi.ts";
import { RecipeBlobs } from "../../support/recipeBlobs.ts";

it("names the recipes' container and what is in the way, in the answer and in the log, where nobody ever read it", async () => {
  const blobs = await RecipeBlobs.create({});
  const headers = { "x-ms-error-code": "ContainerNotFound" };
  blobs.answerInstead = () => Promise.resolve({ status: 404, headers });
  const logged: string[] = [];
  const context = { warn: (line: string) => void logged.push(line) } as Partial<InvocationContext>;
  const answered = await answering(context as InvocationContext, async () => answer(200, await blobs.catalogue()()));
  const why = "The container of the recipes, devstoreaccount1/recipes, cannot be read: ContainerNotFound";
  expect(answered).toMatchObject({ status: 503, headers: { "Retry-After": "30" } });
  expect(JSON.parse(answered.body as string)).toMatchObject({
    type: "urn:goldsmith:problem:recipes-unread",
    detail: `${why}.`,
  });
  expect(logged).toEqual([expect.stringContaining(why)]);
});

const failing = () => Promise.reject(new Error("The disk is full, with AccountKey=hunter2 on it."));

it("tells of what goes wrong inside by an id alone, with which the log tells the rest but for what looks like a secret", async () => {
  const logged: string[] = [];
  const context = {
    invocationId: "1234",
    error: (line: string) => void logged.push(line),
  } as Partial<InvocationContext>;
  const { status, body, headers } = await answering(context as InvocationContext, failing);
  const problem = JSON.parse(body as string) as { type: string; status: number; invocationId: string };
  heldRefusal(problem, headers as Record<string, string>);
  expect([status, problem.invocationId]).toEqual([500, "1234"]);
  expect(body).not.toContain("hunter2");
  expect(logged).toEqual([expect.stringContaining("The disk is full")]);
  expect(logged.join()).not.toContain("hunter2");
});

it("tells nobody what a key is called, nor how many there are, but that one is missing", async () => {
  const faults = ["PAYROLL", "TICKETS"].map((name): SettingFault => {
    const setting = `GOLDSMITH_CALLBACK_SECRET_${name}`;
    return { setting, state: "missing", mend: mendOf(setting) };
  });
  const unready = () => Promise.reject(new NotReady(faults));
  const { status, body } = await answering({} as InvocationContext, unready);
  expect(status).toBe(503);
  expect(JSON.parse(body as string)).toMatchObject({
    detail: expect.stringContaining("GOLDSMITH_CALLBACK_SECRET_ (missing)") as unknown,
    settings: [{ setting: "GOLDSMITH_CALLBACK_SECRET_" }],
  });
  expect(body).not.toMatch(/PAYROLL|TICKETS/);
});

it("keeps requests away from a process that does not know yet whether its settings are right", async () => {
  const context = { warn: () => {} } as Partial<InvocationContext>;
  const askedWith = (known: readonly SettingFault[] | undefined) =>
    answering(context as InvocationContext, () => getReadiness({ known: () => known }).handle({} as Asked));
  expect(await askedWith(undefined)).toMatchObject({ status: 503, headers: { "Retry-After": "10" } });
  expect(await askedWith([])).toMatchObject({ status: 200 });
});
