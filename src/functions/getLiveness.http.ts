import * as z from "zod";
import { answer } from "../http/answers.ts";
import { door } from "../http/door.ts";

/** That the process is up, and nothing else. */
export const getLiveness = door({
  name: "getLiveness",
  method: "GET",
  route: "health/live",
  summary: "That the service is up",
  role: "anyone",
  isHealth: true,
  answers: { 200: { description: "It is.", body: z.strictObject({ state: z.literal("live") }) } },
  handle: () => Promise.resolve(answer(200, { state: "live" })),
});
