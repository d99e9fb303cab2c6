import { app } from "@azure/functions";

const nothing = () => {};

app.timer("tick", { schedule: "*/5 * * * * *", handler: nothing });
app.timer("tickStartup", { schedule: "0 0 3 1 1 *", runOnStartup: true, handler: nothing });
app.timer("tickNoMonitor", { schedule: "*/5 * * * * *", useMonitor: false, handler: nothing });
app.timer("tickThrows", {
  schedule: "0 0 4 1 1 *",
  handler: () => {
    throw new Error("timer message");
  },
});
app.timer("tickMinute", { schedule: "0 * * * * *", handler: nothing });
app.timer("tickSpan", { schedule: "00:01:00", handler: nothing });
