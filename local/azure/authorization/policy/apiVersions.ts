/** Of policy and policy set definitions. */
export const definitionVersions = (
  "2016-12-01 2017-06-01-preview 2018-03-01 2018-05-01 2019-01-01 2019-06-01 2019-09-01 2020-03-01 2020-08-01 " +
  "2020-09-01 2021-06-01 2023-04-01 2024-05-01 2025-01-01 2025-03-01"
).split(" ");

export const assignmentVersions = [...definitionVersions, "2022-06-01", "2024-04-01"].sort();
