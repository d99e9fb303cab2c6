export const apiVersions = [
  "2020-02-14",
  "2021-10-01",
  "2022-02-14",
  "2022-07-01",
  "2023-07-01",
  "2024-02-01",
  "2025-10-01",
];

/** From here on unknown fields, and fields of another case, are refused. */
export const STRICT_SINCE = "2024-02-01";
