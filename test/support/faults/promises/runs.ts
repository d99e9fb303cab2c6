import type { Evidence } from "../evidence.ts";
import { ownOf } from "../ours.ts";

/** R: at most one run a build, and never a second request for one to the same template. */
export function brokenRuns({ builds, runs, answers, after }: Evidence): string[] {
  const asked = answers
    .filter(({ method, path }) => method === "POST" && path.endsWith("/run"))
    .map(({ path }) => path);
  const twice = [...new Set(asked)].filter((path) => asked.filter((one) => one === path).length > 1);
  const versions = (after as unknown as { resources: { id: string; type: string }[] }).resources.filter(
    ({ type }) => type === "Microsoft.Compute/galleries/images/versions",
  );
  return [
    ...twice.map((path) => `R: ${path} was asked for more than once`),
    ...builds
      .map(({ id }) => ({
        id,
        count: runs.filter(({ template }) => ownOf(id).templates.includes(template.toLowerCase())).length,
      }))
      .filter(({ count }) => count > 1)
      .map(({ id, count }) => `R: ${id} had ${count} runs`),
    ...(versions.length > builds.length ? [`R: ${builds.length} builds made ${versions.length} image versions`] : []),
  ];
}
