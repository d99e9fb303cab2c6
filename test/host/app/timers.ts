import { app, type InvocationContext, type Timer } from "@azure/functions";
import { trace } from "./trace.ts";

export function registerTimers(): void {
  const handler = (timer: Timer, context: InvocationContext) => {
    const status = timer.scheduleStatus as Timer["scheduleStatus"] | null;
    trace(`${context.functionName} ${timer.isPastDue ? "past due" : "on time"} ${status?.last ?? "no status"}`);
  };
  app.timer("hourly", { schedule: "0 0 * * * *", handler });
  app.timer("everyTenSeconds", { schedule: "*/10 * * * * *", handler });
  app.timer("fromSetting", { schedule: "%NIGHTLY%", handler });
  app.timer("atStart", { schedule: "0 0 3 1 1 *", runOnStartup: true, handler });
}
