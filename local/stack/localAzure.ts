import { join } from "node:path";
import { type Child, startChild } from "./childProcess.ts";

export interface RunningAzure {
  child: Child;
  url: string;
  identityUrl: string;
  identityHeader: string;
  /** The file that clients trust it by. */
  caFile: string;
}

/** Starts the local Azure as a process of its own. */
export async function startLocalAzure(options: {
  stateFolder: string;
  port: number;
  identityPort: number;
  scenarios: string[];
  onLine: (line: string) => void;
}): Promise<RunningAzure> {
  const { stateFolder, port, identityPort, scenarios, onLine } = options;
  const { child, ready } = await startChild(
    {
      name: "The local Azure",
      script: join(import.meta.dirname, "..", "azure", "main.ts"),
      options: { port, "identity-port": identityPort, state: stateFolder, scenario: scenarios },
      onLine,
    },
    (line) => readReadyLine(line) as Omit<RunningAzure, "child" | "caFile"> | undefined,
  );
  return { child, ...ready, caFile: join(stateFolder, "ca.pem") };
}

/** The line of JSON with which our own processes say that they answer. */
export function readReadyLine(line: string): unknown {
  return line.startsWith('{"ready":true') ? JSON.parse(line) : undefined;
}
