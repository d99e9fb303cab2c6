import { describe, expect, it } from "vitest";
import { readEvent } from "../../../../src/domain/events/readEvent.ts";
import {
  cloudEvent,
  DEFINITION,
  gridEvent,
  TEMPLATE_GROUP,
  templateEvent,
  TOPIC,
  validationEvent,
} from "../../../support/armEvents.ts";

const expected = new Set([TOPIC.slice("/subscriptions/".length)]);
const read = (event: unknown) => readEvent(event, expected);
const FOREIGN = "/subscriptions/00000000-0000-4000-8000-000000000001";

describe("an event of a new image version", () => {
  it.each([
    ["CloudEvents", cloudEvent()],
    ["Event Grid's schema", gridEvent()],
    ["a resource group's topic", gridEvent({ topic: `${TOPIC}/resourceGroups/rg-images` })],
    [
      "ids in other letters",
      cloudEvent({ source: TOPIC.toUpperCase(), subject: `${DEFINITION}/versions/1.0.0`.toUpperCase() }),
    ],
    [
      "an operation in other letters",
      cloudEvent({ data: { operationName: "MICROSOFT.COMPUTE/galleries/images/versions/WRITE" } }),
    ],
  ])("is understood: %s", (_, event) => {
    expect(read(event)).toEqual({ kind: "version", source: DEFINITION.toLowerCase(), version: "1.0.0" });
  });

  it.each([
    ["of another type", cloudEvent({ type: "Microsoft.Resources.ResourceDeleteSuccess" })],
    ["of a write that failed", gridEvent({ eventType: "Microsoft.Resources.ResourceWriteFailure" })],
    ["of another resource", cloudEvent({ data: { operationName: "Microsoft.Compute/disks/write" } })],
    ["of a major version with leading zeros", cloudEvent({ subject: `${DEFINITION}/versions/01.0.0` })],
    ["of a patch with leading zeros", cloudEvent({ subject: `${DEFINITION}/versions/1.0.00` })],
    ["of a number beyond 32 bits", gridEvent({ subject: `${DEFINITION}/versions/1.2147483648.0` })],
  ])("is told from one that is right and not meant: %s", (_, event) => {
    expect(read(event).kind).toBe("ignored");
  });

  it("is understood up to the highest number that a version can have", () => {
    const highest = "0.10.2147483647";
    expect(read(cloudEvent({ subject: `${DEFINITION}/versions/${highest}` }))).toMatchObject({ version: highest });
  });

  it.each([
    ["no object", "text"],
    ["null", null],
    ["a list", []],
    ["no id", cloudEvent({ id: undefined })],
    ["an empty id", cloudEvent({ id: "" })],
    ["no source", cloudEvent({ source: undefined })],
    ["no specversion", cloudEvent({ specversion: undefined })],
    ["another specversion", cloudEvent({ specversion: "0.3" })],
    ["a specversion that is a number", cloudEvent({ specversion: 1 })],
    ["no topic", gridEvent({ topic: undefined })],
    ["no data", cloudEvent({ data: undefined })],
    ["data that is text", cloudEvent({ data: "Microsoft.Compute/galleries/images/versions/write" })],
    ["an over-long type", cloudEvent({ type: "x".repeat(100_000) })],
    ["another subscription's topic", cloudEvent({ source: FOREIGN })],
    ["a topic with a way out", cloudEvent({ source: `${TOPIC}x` })],
    ["another subscription's version", cloudEvent({ subject: `${DEFINITION}/versions/1.0.0`.replace(TOPIC, FOREIGN) })],
    ["no subject", cloudEvent({ subject: undefined })],
    ["a subject that is a definition", cloudEvent({ subject: DEFINITION })],
    ["a subject with a way out", cloudEvent({ subject: `${DEFINITION}/versions/../../x` })],
    ["a subject with a query", cloudEvent({ subject: `${DEFINITION}/versions/1.0.0?api-version=1` })],
    ["a subject with an escape", cloudEvent({ subject: `${DEFINITION}%2fversions/1.0.0` })],
    ["a version called latest", cloudEvent({ subject: `${DEFINITION}/versions/latest` })],
    ["a version of endless digits", cloudEvent({ subject: `${DEFINITION}/versions/1.0.${"9".repeat(80)}` })],
  ])("is invalid with %s, and nothing of it is repeated", (_, event) => {
    const told = read(JSON.parse(JSON.stringify(event)));
    expect(told.kind).toBe("invalid");
    expect(JSON.stringify(told)).not.toMatch(/xxxx|00000000-0000|%2f|\.\.\/|999/);
  });
});

const told = (act: string) => ({ kind: "template", group: TEMPLATE_GROUP.toLowerCase(), name: "b-a1", act });

describe("an event of an image template", () => {
  it.each([
    ["written", templateEvent("b-a1", "write")],
    ["run", templateEvent("b-a1", "run/action")],
    ["deleted", templateEvent("b-a1", "delete")],
  ])("tells that it was %s", (act, event) => {
    expect(read(event)).toEqual(told(act));
  });

  it.each(["Success", "Failure", "Cancel"])("counts whatever came of it: %s", (outcome) => {
    const type = `Microsoft.Resources.ResourceAction${outcome}`;
    expect(read(templateEvent("b-a1", "run/action", { type }))).toEqual(told("run"));
  });

  it("is understood in other letters, and of a resource group's topic", () => {
    const { subject } = templateEvent("b-a1", "delete") as { subject: string };
    expect(read(templateEvent("b-a1", "delete", { subject: subject.toUpperCase(), source: TEMPLATE_GROUP }))).toEqual(
      told("deleted"),
    );
  });

  it.each([
    ["of a cancellation", { data: { operationName: "Microsoft.VirtualMachineImages/imageTemplates/cancel/action" } }],
    ["of a trigger", { data: { operationName: "Microsoft.VirtualMachineImages/imageTemplates/triggers/write" } }],
    ["of another type", { type: "Microsoft.Resources.ResourceSomethingSuccess" }],
  ])("is ignored %s", (_, more) => {
    expect(read(templateEvent("b-a1", "write", more)).kind).toBe("ignored");
  });

  it.each([
    ["another subscription", { subject: templateEvent("b-a1", "write").subject.replace(TOPIC, FOREIGN) }],
    ["another resource", { subject: `${DEFINITION}/versions/1.0.0` }],
    ["a run output", { subject: `${templateEvent("b-a1", "write").subject}/runOutputs/x` }],
    ["nothing", { subject: undefined }],
  ])("is invalid where its subject is %s", (_, more) => {
    expect(read(JSON.parse(JSON.stringify(templateEvent("b-a1", "write", more)))).kind).toBe("invalid");
  });
});

describe("Event Grid's question whether events are wanted", () => {
  it("is answered with its code, and no attention to where it may also be confirmed", () => {
    const asked = validationEvent(TOPIC, { validationUrl: "http://169.254.169.254/metadata" });
    expect(read(asked)).toEqual({ kind: "validation", code: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" });
  });

  it.each([
    ["an unexpected topic", validationEvent(FOREIGN)],
    ["no code", validationEvent(TOPIC, { validationCode: undefined })],
    ["an over-long code", validationEvent(TOPIC, { validationCode: "x".repeat(10_000) })],
    ["a code that is no text", validationEvent(TOPIC, { validationCode: { a: 1 } })],
  ])("is invalid with %s", (_, event) => {
    expect(read(JSON.parse(JSON.stringify(event))).kind).toBe("invalid");
  });
});
