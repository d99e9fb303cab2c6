import { createServer } from "node:net";

/** A port that a process of ours is to listen at. */
export interface ChosenPort {
  port: number;
  /** What a person chooses it with. */
  option: string;
  what: string;
}

/** @throws where two things would listen at one port; says with which options others are chosen. */
export function refuseSharedPorts(ports: ChosenPort[]): void {
  const shared: string[] = [];
  for (const [index, { port, option, what }] of ports.entries()) {
    const other = ports.slice(0, index).find((earlier) => earlier.port === port);
    if (other) {
      shared.push(
        `Port ${port} is chosen twice, for ${other.what} and for ${what}: ` +
          `choose another with ${other.option} or ${option}.`,
      );
    }
  }
  if (shared.length > 0) throw new Error(shared.join("\n"));
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
