import type { Azure } from "../azure.ts";
import type { Principal } from "../entra/token.ts";
import type { Json, StoredResource } from "../store/state.ts";
import type { Target } from "./resourceId.ts";

/** A request to ARM: authenticated, of a known type and version. */
export interface ArmRequest {
  method: string;
  target: Target;
  query: URLSearchParams;
  apiVersion: string;
  principal: Principal;
  correlationId: string;
  /** @throws AzureError where the body is not a JSON object. */
  body(): Json;
}

export interface ArmAnswer {
  status: number;
  body?: unknown;
  /** Lower-case names. */
  headers?: Record<string, string>;
}

type Handler = (azure: Azure, request: ArmRequest) => ArmAnswer;

/** Values that ABAC conditions can ask for, by `@Request[…]` or `@Resource[…]`. */
export type Attributes = Record<string, string | undefined>;

/**
 * What ARM knows of a resource type. The generic store serves whatever a type does not do itself, so that most need
 * one line.
 */
export interface ResourceType {
  /** In Azure's own spelling: `Microsoft.Network/virtualNetworks/subnets`. */
  type: string;
  apiVersions: readonly string[];
  /** The `type` that its bodies show, where it is not that. */
  shownType?: string;
  /** Whether it has a location and tags, and stands in the lists of a group's resources. */
  tracked?: boolean;
  /** Whether it can be read only. */
  readOnly?: boolean;
  /** Whether it may stand at any scope, as role assignments do. */
  extension?: boolean;
  /** Where it can be; a PUT elsewhere is refused. */
  locations?: readonly string[];
  /** Properties that show child resources in full, by the type of the children. */
  inline?: Record<string, string>;
  /** Completes the properties of a PUT with what Azure decides. `before` is what has been there. */
  complete?: (azure: Azure, resource: StoredResource, before: StoredResource | undefined) => void;
  /** Properties that are made for each answer. */
  present?: (azure: Azure, resource: StoredResource, query: URLSearchParams) => Json;
  get?: Handler;
  list?: Handler;
  put?: Handler;
  patch?: Handler;
  delete?: Handler;
  /** POST actions, by their name. */
  actions?: Record<string, Handler>;
  /** What a condition can know of a write or delete. */
  attributes?: (azure: Azure, request: ArmRequest) => { request?: Attributes; resource?: Attributes };
  /** Handlers of this type check the caller's rights themselves. */
  authorizesItself?: boolean;
}
