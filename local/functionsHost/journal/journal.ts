/**
 * What must outlive a crash: records in the order they were appended. A record is any JSON value.
 */
export interface Journal<Record> {
  /** Those appended before this process began, oldest first; to be read once. */
  recovered(): Iterable<Record>;
  /** In order; it is not safe yet. */
  append(record: Record): void;
  /** Resolves when all that was appended so far is safe. What depends on a record may be seen only after that. */
  durable(): Promise<void>;
  close(): void;
}

/** Keeps nothing: for hosts that are never restarted. */
export function memoryJournal<Record>(): Journal<Record> {
  return {
    recovered: () => [],
    append: () => {},
    durable: () => Promise.resolve(),
    close: () => {},
  };
}
