import type { Catalogue } from "../domain/recipes/catalogue.ts";
import type { Installation } from "../domain/recipes/recipeFiles.ts";

/** What a command reads and writes; a test gives it other ones. */
export interface Surroundings {
  /** @throws where there is no such file, or it cannot be read. */
  read: (file: string) => Uint8Array;
  /** @throws where there is no such folder, or it cannot be read. */
  readRecipes: (folder: string, installation: Installation) => Catalogue;
  /** @throws where the folder's overlays cannot be read. */
  environmentsIn: (folder: string) => string[];
  /** What looks like a recipe in the folders of a folder. @throws where those cannot be read. */
  recipesBelow: (folder: string) => string[];
  /** @throws where the file is there already, or cannot be written. */
  write: (file: string, text: string) => void;
  out: (text: string) => void;
  err: (text: string) => void;
  now: () => Date;
}

/** Done; refused, with the reasons on standard error; not understood. */
export const EXIT = { done: 0, refused: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
