/** Who tells: which installation of the service, and which version of it that runs. */
export interface Telling {
  installationId: string;
  version: string;
}
