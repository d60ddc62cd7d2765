/** The kinds of resource that are billed (glossary: resource). */
export const RESOURCE_KINDS = ["workflow", "model", "guardrail", "script", "ocr", "browser"] as const;
export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** What is counted against an allocation (glossary: meter). */
export const METERS = ["credits", "runs"] as const;
export type Meter = (typeof METERS)[number];

/** Where a grant comes from (glossary: grant). */
export const GRANT_KINDS = ["free", "plan", "top_up", "adjustment"] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];

/** What a deployment's credits are made of (P1). */
export const USAGE_COMPONENTS = ["hosting", "inference", "fine_tuning", "storage"] as const;
export type UsageComponent = (typeof USAGE_COMPONENTS)[number];

export const DEPLOYMENT_STATUSES = ["deploying", "deployed", "stopping", "undeployed", "failed"] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];
