import { type Archive, changeJson, type Document } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";

/** What happened at a door, but for when. No token and no key is ever in it. */
export interface AuditEvent {
  /** Why it was refused; or an {@link Act}. */
  what: string;
  door: string;
  image?: string;
  build?: string;
  /** The hook that a message came to, of whoever that is. */
  hook?: string;
  /** A caller's id, as far as it is known. */
  caller?: string;
  /** As the directory has it. */
  name?: string;
  /** Whom the platform saw on the other side. */
  address?: string;
}

/** What somebody did who may, and of which nothing else tells who it was. */
export type Act = (typeof ACTS)[number];
const ACTS = ["log-read", "cancel-asked", "sweep-asked", "resend-asked"] as const;

/** An event, and how often it was the same. */
export type AuditRow = AuditEvent & { first: string; last: string; times: number };

/** What the archive has of one kind in an hour. */
export interface AuditPage {
  count: number;
  /** The first ones that differ. */
  rows: AuditRow[];
}

/**
 * Rows of an hour: a flood must not fill the archive, nor be a flood of writes into it. Who does what is kept has a role for it,
 * and must not hide one act behind many others.
 */
const mostRowsOf = ({ what }: Pick<AuditEvent, "what">) => (ACTS.some((act) => act === what) ? 2000 : 100);
const REST_MS = 10_000;

interface Waiting {
  hour: string;
  count: number;
  rows: Map<string, AuditRow>;
  /** Rows that the archive has. */
  known: Set<string>;
  writtenAt: number;
  failedAt: number;
  writing: Promise<void> | undefined;
}

/**
 * Keeps what happens at the doors. What is new is in the archive when the promise resolves; what only counts up is written
 * every ten seconds at most, with the next event.
 *
 * @throws where the archive cannot be written; it is tried again with an event some seconds later.
 */
export function auditTrail(archive: Pick<Archive, "readJson" | "replaceJson">) {
  const pages = new Map<string, Waiting>();

  async function write(name: string, page: Waiting): Promise<void> {
    const { count, rows } = page;
    Object.assign(page, { count: 0, rows: new Map() });
    try {
      await changeJson(archive, name, pageIn, (before) => withRows(before, count, rows));
      for (const key of rows.keys()) page.known.add(key);
    } catch (error) {
      page.count += count;
      page.rows = merged(rows, page.rows);
      throw error;
    }
  }

  return async (event: AuditEvent, at: Date): Promise<void> => {
    const time = at.toISOString();
    const hour = time.slice(0, 13);
    const name = archiveNames.audit(hour, event.what);
    const page: Waiting = pages.get(name) ?? {
      hour,
      count: 0,
      rows: new Map(),
      known: new Set(),
      writtenAt: 0,
      failedAt: -Infinity,
      writing: undefined,
    };
    pages.set(name, page);
    const key = JSON.stringify(event);
    page.count += 1;
    page.rows = merged(page.rows, new Map([[key, { ...event, first: time, last: time, times: 1 }]]));
    for (const [other, past] of pages) {
      if (past.hour === hour) continue;
      pages.delete(other);
      if (past.count > 0) await write(other, past);
    }
    const isNews = () => !page.known.has(key) && page.known.size < mostRowsOf(event);
    // Storage that is down must not hold up each refusal for as long as it takes to say so.
    if (at.getTime() - (isNews() ? page.failedAt : page.writtenAt) < REST_MS) return;
    // Whoever comes while it is written goes along with the next write, all of them with the same one.
    do {
      page.writtenAt = at.getTime();
      page.writing ??= write(name, page)
        .catch((error: unknown) => {
          page.failedAt = at.getTime();
          throw error;
        })
        .finally(() => (page.writing = undefined));
      await page.writing;
    } while (isNews());
  };
}

const pageIn = (found: Document | undefined) => found?.value as AuditPage | undefined;

function withRows(before: AuditPage | undefined, count: number, rows: Map<string, AuditRow>): AuditPage {
  const kept = new Map((before?.rows ?? []).map((row) => [keyOf(row), row]));
  return { count: (before?.count ?? 0) + count, rows: [...merged(kept, rows).values()] };
}

const keyOf = ({ first: _first, last: _last, times: _times, ...event }: AuditRow) => JSON.stringify(event);

/** As many as there may be; of those that are there already, one counts up. */
function merged(some: Map<string, AuditRow>, more: Map<string, AuditRow>): Map<string, AuditRow> {
  const all = new Map(some);
  for (const [key, row] of more) {
    const known = all.get(key);
    if (known) all.set(key, { ...known, last: row.last, times: known.times + row.times });
    else if (all.size < mostRowsOf(row)) all.set(key, row);
  }
  return all;
}
