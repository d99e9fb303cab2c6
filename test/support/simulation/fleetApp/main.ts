/** The service with a fleet of images in place of its catalogue, in the world of simulations. */
import { fleetRecipes } from "../fleetLandscape.ts";
import { registerSimulated } from "../registerSimulated.ts";

registerSimulated(() => ({ recipes: fleetRecipes }));
