/** What the demo reads of the service's answers; the shapes are those of docs/api.md. */
export interface BuildAnswer {
  id: string;
  image: string;
  state: string;
  phase?: string;
  elapsedSeconds?: number;
  expectedSeconds?: number;
  grants?: { role: string }[];
  receipt?: Receipt;
  detail?: string;
}

export interface Receipt {
  startedAt: string;
  endedAt: string;
  outcome: {
    kind: string;
    imageVersions?: string[];
    runSeconds?: number;
    failure?: { code: string; message: string; why: string; mend: string; owner: string };
    findings?: { seen: string; mend: string; command?: string }[];
  };
  cleanUp: { kind: string; leftovers?: { id: string; command: string }[] };
  log: { kind: string; why?: string; files?: { name: string; url: string; bytes: number }[] };
  timeline: { at: string; event: string; detail?: string }[];
}

/** @throws with the service's own words where it refuses. */
export async function startBuild(serviceUrl: string, image: string, reason: string): Promise<string> {
  const answer = await fetch(`${serviceUrl}/api/images/${image}/builds`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ reason }),
  });
  const body = (await answer.json()) as { detail?: string };
  const location = answer.headers.get("location");
  if (answer.status !== 202 || !location) throw new Error(`The build was refused: ${answer.status} ${body.detail}`);
  return location;
}

export async function readBuild(location: string): Promise<BuildAnswer> {
  const answer = await fetch(location);
  if (!answer.ok) throw new Error(`${location} answered ${answer.status}.`);
  return (await answer.json()) as BuildAnswer;
}
