import { createServer } from "node:net";

/** @throws where something listens there already; says with which option another port is chosen. */
export async function refuseTakenPorts(ports: { port: number; option: string; what: string }[]): Promise<void> {
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
