/** All that there were, the oldest first. Source: the REST specifications. */
export const API_VERSIONS = [
  "2018-02-01-preview",
  "2019-02-01-preview",
  "2019-05-01-preview",
  "2020-02-14",
  "2021-10-01",
  "2022-02-14",
  "2022-07-01",
  "2023-07-01",
  "2024-02-01",
  "2025-10-01",
] as const;

export type ApiVersion = (typeof API_VERSIONS)[number];

export const NEWEST_API_VERSION = "2025-10-01" satisfies ApiVersion;

export function apiVersionOf(text: string): ApiVersion | undefined {
  return API_VERSIONS.find((version) => version === text.toLowerCase());
}

/** From this one on, image builder refuses a field that it does not know; before, it did as if it were not there. */
export function refusesUnknownFields(version: ApiVersion): boolean {
  return version >= "2024-02-01";
}
