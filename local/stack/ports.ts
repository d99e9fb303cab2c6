import { createServer } from "node:net";

/** A port that a process of ours is to listen at. */
export interface ChosenPort {
  port: number;
  /** What a person chooses it with. */
  option: string;
  what: string;
}

/** @throws where something listens there already; says with which option another port is chosen. */
export async function refuseTakenPorts(ports: ChosenPort[]): Promise<void> {
  const taken: string[] = [];
  for (const { port, option, what } of ports) {
    if (!(await isFree(port)))
      taken.push(`Port ${port}, for ${what}, is in use: free it, or choose another with ${option}.`);
  }
  if (taken.length > 0) throw new Error(taken.join("\n"));
}

/** Whether nothing listens there yet. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
