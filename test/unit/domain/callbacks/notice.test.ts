import { expect, it } from "vitest";
import { type Notice, verdictOn } from "../../../../src/domain/callbacks/notice.ts";

const hour = (count: number) => new Date(Date.UTC(2027, 0, 15, count)).toISOString();
const notice = (attempts: number[]): Notice => ({
  id: "b-finished",
  buildId: "b",
  event: "finished",
  target: 0,
  url: "https://tickets.example.com/",
  body: "{}",
  since: hour(0),
  attempts: attempts.map((count) => ({ at: hour(count), status: 503 })),
});
const verdict = (attempts: number[]) => verdictOn(notice(attempts), 0, new Date(hour(attempts.at(-1) ?? 0)));

it("gives an event a day from its first attempt, however long it waited for an earlier one", () => {
  expect(verdict([30])).toMatchObject({ kind: "again", seconds: 5 });
  expect(verdict([30, 53])).toMatchObject({ kind: "again" });
  expect(verdict([30, 54])).toMatchObject({ kind: "dead" });
});

it("gives one that is sent anew another day, whatever was tried before", () => {
  const again = { ...notice([1, 25, 40]), since: hour(40) };
  expect(verdictOn(again, 0, new Date(hour(40)))).toMatchObject({ kind: "again", seconds: 5 });
});
