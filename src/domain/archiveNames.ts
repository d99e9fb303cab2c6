/** Where things lie in the archive container. */
export const archiveNames = {
  /** The build that is under way, or was last: one at a time. */
  current: "builds/current.json",
  plan: (image: string, buildId: string) => `builds/${image}/${buildId}/plan.json`,
  receipt: (image: string, buildId: string) => `builds/${image}/${buildId}/receipt.json`,
  log: (image: string, buildId: string, file: string) => `builds/${image}/${buildId}/${file}`,
  /** Put there before a run is asked for: whoever finds it asks no more. */
  runFence: (image: string, buildId: string, attempt: number) => `builds/${image}/${buildId}/run-${attempt}.json`,
  /** What is known of an image across its builds. */
  image: (image: string) => `images/${image}.json`,
};
