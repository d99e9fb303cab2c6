/** Words of image builder's that a recipe does not take, and why. */
export const NOT_TAKEN: ReadonlyMap<string, string> = new Map([
  ["autoRun", "is not taken: the service starts each run itself, once"],
  ["identity", "is not taken: the builder is that of the recipe's zone"],
  ["stagingResourceGroup", "is not taken: each attempt of a build gets a group of its own, which is gone when it ends"],
]);
