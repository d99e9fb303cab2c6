import { app, type InvocationContext, type Timer } from "@azure/functions";
import { trace } from "./trace.ts";

function handler(timer: Timer, context: InvocationContext): void {
  const status = timer.scheduleStatus as Timer["scheduleStatus"] | null;
  trace(`${context.functionName} ${timer.isPastDue ? "past due" : "on time"} ${status?.last ?? "no status"}`);
}

export function registerTimers(): void {
  app.timer("hourly", { schedule: "0 0 * * * *", handler });
  app.timer("everyTenSeconds", { schedule: "*/10 * * * * *", handler });
  app.timer("fromSetting", { schedule: "%NIGHTLY%", handler });
  app.timer("atStart", { schedule: "0 0 3 1 1 *", runOnStartup: true, handler });
}
