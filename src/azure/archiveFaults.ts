import { StepFailed } from "../domain/failure.ts";
import type { SettingFault } from "../domain/notReady.ts";
import { hiddenBy, unreachedBy, wrongBy } from "../settingHelp.ts";
import type { Settings } from "../settings.ts";

/** What storage says to whom it does not let in, whatever is asked for. */
const KEPT_OUT = /^(?:Authori[sz]ation|Authentication|InsufficientAccountPermissions|AccountIsDisabled|KeyBased)/;

/** Of errors that the archive has thrown, the settings that they speak of. */
const found = new WeakMap<Error, readonly SettingFault[]>();

/** What of the settings is wrong by an error; nothing where it tells nothing of them. */
export function archiveFaultsIn(error: unknown): readonly SettingFault[] {
  return (error instanceof Error && found.get(error)) || [];
}

/** For an archive to tell of its errors, so that `archiveFaultsIn` knows where it is not there, or lets nobody in. */
export function noteFaults(where: Settings["archive"]): (error: unknown) => void {
  return (error) => {
    const faults = faultsOf(error, where);
    if (error instanceof Error && faults.length > 0) found.set(error, faults);
  };
}

function faultsOf(error: unknown, where: Settings["archive"]): readonly SettingFault[] {
  const setting = "blobServiceUri" in where ? "GOLDSMITH_ARCHIVE__blobServiceUri" : "GOLDSMITH_ARCHIVE";
  // What the storage library says of an account that there is not: its name leads nowhere.
  if (!(error instanceof StepFailed)) return String(error).includes("ENOTFOUND") ? [unreachedBy(setting)] : [];
  if (error.failure.code === "ContainerNotFound") return [wrongBy("GOLDSMITH_ARCHIVE_CONTAINER")];
  return KEPT_OUT.test(error.failure.code) ? [hiddenBy(setting)] : [];
}
