/** ARM's events as Event Grid brings them, and what hostile senders make of them. */
const SUBSCRIPTION = "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5";
export const TOPIC = `/subscriptions/${SUBSCRIPTION}`;
export const DEFINITION = `${TOPIC}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/company/images/base`;

const data = { operationName: "Microsoft.Compute/galleries/images/versions/write", status: "Succeeded" };
const type = "Microsoft.Resources.ResourceWriteSuccess";
const time = "2027-01-01T00:00:00Z";

export const cloudEvent = (more: object = {}) => ({
  specversion: "1.0",
  id: "1",
  source: TOPIC,
  type,
  time,
  subject: `${DEFINITION}/versions/1.0.0`,
  data,
  ...more,
});

export const gridEvent = (more: object = {}) => ({
  id: "1",
  topic: TOPIC,
  subject: `${DEFINITION}/versions/1.0.0`,
  eventType: type,
  eventTime: time,
  dataVersion: "2",
  metadataVersion: "1",
  data,
  ...more,
});

export const validationEvent = (topic = TOPIC, more: object = {}) =>
  gridEvent({
    topic,
    subject: "",
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    data: { validationCode: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6", ...more },
  });

/** A template of a build's, as the plans of tests name them, and an event of what was done to it. */
export const TEMPLATE_GROUP = `${TOPIC}/resourceGroups/rg-goldsmith-templates`;
export const templateEvent = (name: string, act: "write" | "run/action" | "delete", more: object = {}) =>
  cloudEvent({
    type: `Microsoft.Resources.Resource${{ write: "Write", "run/action": "Action", delete: "Delete" }[act]}Success`,
    subject: `${TEMPLATE_GROUP}/providers/Microsoft.VirtualMachineImages/imageTemplates/${name}`,
    data: { operationName: `Microsoft.VirtualMachineImages/imageTemplates/${act}`, status: "Succeeded" },
    ...more,
  });
