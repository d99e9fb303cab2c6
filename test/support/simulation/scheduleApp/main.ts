/** The service with the recipes of a test in place of its catalogue, in the world of simulations. */
import { registerSimulated } from "../registerSimulated.ts";
import { currentRecipes } from "../scheduled.ts";

registerSimulated(() => ({ recipes: currentRecipes() }));
