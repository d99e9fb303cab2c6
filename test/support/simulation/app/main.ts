/** The service with the sample's recipes and some more, in the world of simulations. */
import { LONG_SCRIPT, simulatedRecipes } from "../recipes.ts";
import { registerSimulated } from "../registerSimulated.ts";

registerSimulated(() => ({ recipes: simulatedRecipes, readBeside: () => LONG_SCRIPT.file }));
