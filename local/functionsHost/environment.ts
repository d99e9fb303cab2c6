/** Sets environment variables. @param keep leaves those alone that are set. @returns brings back what was. */
export function setEnvironment(values: Record<string, string>, { keep = false } = {}): () => void {
  const before = new Map<string, string | undefined>();
  for (const [name, value] of Object.entries(values)) {
    if (keep && process.env[name] !== undefined) continue;
    before.set(name, process.env[name]);
    process.env[name] = value;
  }
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
