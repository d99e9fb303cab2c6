import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface AppPackage {
  main: string;
  isModule: boolean;
}

/** The app's package.json, as far as the worker reads it. */
export function readAppPackage(app: string): AppPackage {
  const file = join(app, "package.json");
  if (!existsSync(file)) throw new Error(`The app has no package.json: ${file}`);
  const { main, type } = JSON.parse(readFileSync(file, "utf8")) as { main?: string; type?: string };
  if (!main) throw new Error(`${file} has no "main": it must name the app's entry point, or a pattern of them.`);
  return { main, isModule: type === "module" };
}

/** The files that `main` names, a path or a glob, sorted. */
export function entryPointsOf(app: string, main: string): string[] {
  const files = globSync(main, { cwd: app }).sort();
  if (files.length > 0) return files;
  const isPattern = /[*?[\]{}!]/.test(main);
  const reason = isPattern ? "Found zero files matching the supplied pattern" : "File does not exist";
  throw new Error(`Worker was unable to load entry point "${main}": ${reason}`);
}

export function isModuleFile(file: string, appPackage: AppPackage): boolean {
  if (/\.m[jt]s$/.test(file)) return true;
  if (/\.c[jt]s$/.test(file)) return false;
  return appPackage.isModule;
}
