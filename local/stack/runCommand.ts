/**
 * Runs a command to its exit code. `stopped` resolves at SIGINT or SIGTERM; what goes wrong is told in a sentence, not
 * a stack.
 */
export async function runCommand(run: (stopped: Promise<undefined>) => Promise<number>): Promise<void> {
  const stopped = new Promise<undefined>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve(undefined));
  });
  try {
    process.exitCode = await run(stopped);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  }
}
