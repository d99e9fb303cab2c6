// The alerts, a row each. What each means, and what to do, is in docs/operations.md.

param installationId string
param location string
param tags object

@description('Id of the workspace with the service\'s telemetry.')
param workspaceId string

@description('Id of its Application Insights component: others may share the workspace.')
param componentId string

@description('Ids of the action groups that are told.')
param actionGroupIds array

// Metrics are rows of AppMetrics by their OpenTelemetry names: Sum of what was counted, Max of what was measured.
var rules = [
  {
    key: 'builds-failed'
    name: 'Builds have failed'
    severity: 2
    query: 'AppMetrics | where Name == "goldsmith.builds" and Sum > 0 and tostring(Properties.outcome) == "failed"'
    isOfSilence: false
  }
  {
    key: 'leftovers'
    name: 'Something is left over that only a person may remove'
    severity: 2
    query: 'AppMetrics | where Name == "goldsmith.leftovers" and Max > 0'
    isOfSilence: false
  }
  {
    key: 'grants-overdue'
    name: 'A grant outlives its deadline'
    severity: 1
    query: 'AppMetrics | where Name == "goldsmith.grants.overdue" and Max > 0'
    isOfSilence: false
  }
  {
    key: 'sweeper-silent'
    name: 'No sweep has come to its end when it should have'
    severity: 1
    query: 'AppMetrics | where Name == "goldsmith.sweeps.due" and Max > (now() - datetime(1970-01-01)) / 1s'
    isOfSilence: true
  }
  {
    key: 'queue-stuck'
    name: 'A build has waited for its turn for more than four hours'
    severity: 2
    query: 'AppMetrics | where Name == "goldsmith.queue.oldest" and Max > 14400'
    isOfSilence: false
  }
  {
    key: 'callbacks-dead'
    name: 'A callback could not be delivered, and is tried no more'
    severity: 3
    query: 'AppMetrics | where Name == "goldsmith.callback.failures" and Sum > 0 and tostring(Properties.dead) == "true"'
    isOfSilence: false
  }
  {
    key: 'alarm'
    name: 'The service has raised an alarm in its log'
    severity: 2
    query: 'union isfuzzy=true (AppTraces | where Message has "GOLDSMITH ALARM"), (AppExceptions | where OuterMessage has "GOLDSMITH ALARM")'
    isOfSilence: false
  }
  {
    key: 'not-ready'
    name: 'The service does no work: its settings are missing or wrong'
    severity: 1
    query: 'union isfuzzy=true (AppTraces | where Message has_any ("application settings are not usable", "until its settings are mended")), (AppExceptions | where OuterMessage has_any ("application settings are not usable", "until its settings are mended"))'
    isOfSilence: false
  }
]

resource made 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [
  for rule in rules: {
    name: 'goldsmith-${installationId}-${rule.key}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'Goldsmith (${installationId}): ${rule.name}'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      // Twice as long: telemetry takes minutes to arrive, and would otherwise fall between two looks. What should be there
      // may have been told long ago, as the schedule of sweeps is: as far back as Azure looks.
      windowSize: rule.isOfSilence ? 'P2D' : 'PT30M'
      criteria: {
        allOf: [
          {
            query: '${rule.query} | where _ResourceId =~ "${componentId}"'
            timeAggregation: 'Count'
            operator: rule.isOfSilence ? 'LessThan' : 'GreaterThan'
            threshold: rule.isOfSilence ? 1 : 0
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      // The tables come into being with the first telemetry.
      skipQueryValidation: true
      autoMitigate: true
      actions: {
        actionGroups: actionGroupIds
      }
    }
  }
]
