/** Of role assignments. */
export const assignmentVersions = [
  "2015-07-01",
  "2018-01-01-preview",
  "2018-09-01-preview",
  "2020-03-01-preview",
  "2020-04-01-preview",
  "2020-08-01-preview",
  "2020-10-01-preview",
  "2022-04-01",
];

/** Of role definitions and permissions: they did not take part in the previews of assignments. */
export const definitionVersions = ["2015-07-01", "2018-01-01-preview", "2022-04-01"];
