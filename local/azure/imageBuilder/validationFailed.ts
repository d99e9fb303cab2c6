import { AzureError } from "../arm/errors.ts";

const REVIEW =
  "Please review http://aka.ms/azvmimagebuildertmplref for details on fields required in the Image Builder Template.";

/** Of templates, run outputs and triggers. */
export const RESOURCE_NAME = /^[A-Za-z0-9-_.]{1,64}$/;

/** @param path `ImageTemplate.properties.distribute[0]` */
export const validationFailed = (path: string, problem: string) =>
  new AzureError(400, "ValidationFailed", `Validation failed: '${path}': ${problem}. ${REVIEW}`);
