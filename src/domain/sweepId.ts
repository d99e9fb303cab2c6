const SWEEP_ID = /^sweep-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})-[a-z0-9]{4,8}$/;

/** The id of a sweep and of its durable instance: `sweep-20261121-020000-k3fq`. @param nonce tells two of one second. */
export function sweepId(at: Date, nonce: string): string {
  const stamp = at.toISOString().replace(/[-:]/g, "");
  return `sweep-${stamp.slice(0, 8)}-${stamp.slice(9, 15)}-${nonce}`;
}

export function isSweepId(text: string): boolean {
  return SWEEP_ID.test(text);
}

/** When it began, as its id says. @returns undefined where that is none of a sweep. */
export function startOfSweep(id: string): Date | undefined {
  const [, year, month, day, hour, minute, second] = SWEEP_ID.exec(id) ?? [];
  return year === undefined ? undefined : new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
