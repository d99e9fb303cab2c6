import { app } from "@azure/functions";
import { trace } from "./trace.ts";

export function registerEventGrid(): void {
  app.eventGrid("onEvent", {
    handler: (event, context) => {
      const { id, data } = event as unknown as { id: string; data: { fail?: boolean } };
      trace(`${id} ${JSON.stringify(data)} ${JSON.stringify(context.triggerMetadata?.["data"])}`);
      if (data.fail) throw new Error("not this one");
    },
  });
}
