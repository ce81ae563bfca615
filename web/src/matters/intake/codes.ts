// words:family channel
// words:family kind
export const channels = [
  "counter",
  "phone",
  "visit",
  "letter",
  "mailbox",
  "message",
  "meeting",
  "inspection",
  "reception",
] as const;

export const kinds = [
  "help",
  "report",
  "question",
  "complaint",
  "suggestion",
  "dispute",
  "praise",
] as const;

export const outcomes = [
  "done",
  "partly",
  "explained",
  "refused",
  "redirected",
  "withdrawn",
] as const;
