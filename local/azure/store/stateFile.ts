import { existsSync, readFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { State } from "./state.ts";

const complain = (error: unknown) => void process.stderr.write(`local Azure: ${String(error)}\n`);

/** Of the shape of the state: one more with each change to it. */
const VERSION = 3;

/** The state on disk: whole at any moment, and never older than the write that was under way when it was killed. */
export interface StateFile {
  /** @throws Error where the state is of a shape that this version does not know. */
  read(): State | undefined;
  /** Soon; what changes while a write is under way makes one more. */
  save(state: State): void;
  /** Resolves when all that was saved is on disk. */
  flush(): Promise<void>;
}

export function stateFile(folder: string): StateFile {
  const file = join(folder, "azure.json");
  const temporary = `${file}.new`;
  let unsaved: State | undefined;
  let writing: Promise<void> | undefined;

  async function write(): Promise<void> {
    // After everything that this turn still changes.
    await new Promise(setImmediate);
    while (unsaved) {
      const text = JSON.stringify({ version: VERSION, state: unsaved });
      unsaved = undefined;
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, file);
    }
  }

  return {
    read() {
      if (!existsSync(file)) return undefined;
      const { version, state } = JSON.parse(readFileSync(file, "utf8")) as { version?: number; state?: State };
      if (version === VERSION && state) return state;
      throw new Error(`${file} was written by another version of the local Azure. Delete it, or begin afresh.`);
    },
    save(state) {
      unsaved = state;
      writing ??= write()
        .catch(complain)
        .finally(() => (writing = undefined));
    },
    flush: () => writing ?? Promise.resolve(),
  };
}
