import { serviceIdentity } from "../../../../local/landscape.ts";
import type { Evidence } from "../evidence.ts";

interface Looked {
  id: string;
  systemData?: { createdBy?: string };
}

/** O: no receipt names a command that would remove what somebody else made, or what goes with it. */
export function brokenCommands({ builds }: Evidence): string[] {
  return builds.flatMap(({ id, receipt, state }) => {
    const { cleanUp } = receipt ?? {};
    if (!state || cleanUp?.kind !== "leftovers") return [];
    const others = (state.resources as unknown as Looked[])
      .filter(({ systemData }) => systemData?.createdBy && systemData.createdBy !== serviceIdentity.clientId)
      .map((other) => other.id.split("/").at(-1)?.toLowerCase() ?? "");
    return cleanUp.leftovers
      .filter(({ command }) => command !== undefined)
      .filter((one) => others.includes((one.id.split("/").at(-1) ?? "").replace(/-staging$/, "").toLowerCase()))
      .map((one) => `O: ${id} tells how to delete ${one.id}, which is somebody else's`);
  });
}
