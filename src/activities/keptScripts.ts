import type { Archive } from "../azure/archive.ts";
import type { ScriptContainer } from "../azure/scriptContainer.ts";
import { advise } from "../domain/advice.ts";
import { StepFailed } from "../domain/failure.ts";
import { type KeptScript, keptScriptsIn } from "../domain/keptScript.ts";
import type { Plan } from "../domain/plan.ts";
import { LARGEST_UPLOAD } from "../domain/recipes/besideScripts.ts";
import type { AskCatalogue } from "../domain/recipes/catalogue.ts";
import { keptTemplate } from "./keptTemplate.ts";

/** What of a build's scripts was put into the container, and what was there already. */
export interface KeptScripts {
  added: number;
  found: number;
}

/** @param open a container, by its id. */
export function keptScriptActivities(
  open: (id: string) => Promise<ScriptContainer>,
  catalogue: AskCatalogue,
  archive: Archive,
) {
  return {
    /**
     * Puts what the plan's template fetches and lies beside the recipe into the container, as it was when the build was
     * planned. What is there already is not written again, but has to be the same.
     *
     * @throws StepFailed `script-changed` where it is not as it was planned, and not in the container either.
     */
    async keepScripts({
      scriptContainer = "",
      ...kept
    }: Pick<Plan, "image" | "buildId" | "sentHash" | "scriptContainer">): Promise<KeptScripts> {
      const scripts = keptScriptsIn(await keptTemplate(archive, kept), scriptContainer);
      const container = await open(scriptContainer);
      const { readBeside } = await catalogue();
      let added = 0;
      for (const script of scripts) {
        if (await container.has(script)) continue;
        const file = readBeside?.(script.path, LARGEST_UPLOAD);
        if (file?.kind !== "file" || file.sha256 !== script.sha256) throw changed(script);
        await container.add(script, file.bytes);
        added += 1;
      }
      return { added, found: scripts.length - added };
    },
  };
}

function changed({ path, sha256 }: KeptScript): StepFailed {
  return new StepFailed(advise("script-changed", `${path} is not there any more as it was planned, with ${sha256}.`));
}
