import type { InvocationContext } from "@azure/functions";
import { expect, it } from "vitest";
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
