import type { ZodType } from "zod";
import type { Azure } from "../azure.ts";
import type { Principal } from "../entra/token.ts";
import type { Json, StoredResource } from "../store/state.ts";
import type { Since } from "./knownFields.ts";
import type { Target } from "./resourceId.ts";

/** A request to ARM: authenticated, of a known type and version. */
export interface ArmRequest {
  method: string;
  target: Target;
  query: URLSearchParams;
  /** Lower-case names. */
  headers: Record<string, string>;
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

export const ok = (body: unknown): ArmAnswer => ({ status: 200, body });
export const listed = (value: unknown[]): ArmAnswer => ok({ value });

type Handler = (azure: Azure, request: ArmRequest) => ArmAnswer;

/** How a provider tells of a write that goes on after its answer. */
export interface LongRunning {
  /** The type of the URL that tells a PUT's or DELETE's status; none where `Location` alone does. */
  status?: string;
  /** The type of the URL in `Location`, which answers 202 until the end. */
  results: string;
  /** Of a PUT that makes something: 202 has no body. */
  created: 201 | 202;
  /** The provisioningState of what is being made; of what is being changed it is Updating. */
  creating: "Creating" | "Updating";
  /** Whether DELETE is one too. */
  deletes: boolean;
  /** More that each answer says. */
  headers?: Record<string, string>;
}

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
  /** Fields of its bodies that older versions do not know. */
  since?: Since;
  /** The `type` that its bodies show, where it is not that. */
  shownType?: string;
  /** Whether it has a location and tags, and stands in the lists of a group's resources. */
  tracked?: boolean;
  /** Whether it can be put into an availability zone, in regions that have them. */
  zonal?: boolean;
  /** Whether ids in its bodies have `resourcegroups` in small letters. */
  smallGroups?: boolean;
  /** Whether a PUT that makes one says so in `Location`. */
  locatesNew?: boolean;
  /** Whether it can be read only. */
  readOnly?: boolean;
  /** Whether it may stand at any scope, as role assignments do. */
  extension?: boolean;
  /** Where it can be; a PUT elsewhere is refused. */
  locations?: readonly string[];
  /** Properties that show child resources in full, by the type of the children. */
  inline?: Record<string, string>;
  /** What its bodies must look like; fields that it does not name are let through. */
  shape?: ZodType;
  /** Properties that only Azure sets: a client that sends them back is not heard. */
  setByAzure?: readonly string[];
  /** How its writes go on after their answer; without it they are done by then. */
  longRunning?: LongRunning;
  /** Milliseconds that a write takes in the end, where not those usual ones. */
  writeTakes?: (azure: Azure, resource: StoredResource, usual: number) => number;
  /** Whether it has an etag, that of the outermost resource around it, and PUT heeds If-Match. */
  etag?: boolean;
  /** Whether Azure gives it a `properties.resourceGuid` for life. */
  resourceGuid?: boolean;
  /** Whether PATCH changes properties too; of every tracked type it changes tags. */
  patchesProperties?: boolean;
  /** Whether it cannot be deleted while it has children. */
  childrenFirst?: boolean;
  /** What `$expand` may ask of it, heeded or not. */
  expands?: readonly string[];
  /** Whether lists of it take `$top`. */
  top?: boolean;
  /** Properties that Azure adds where they are left out. */
  defaults?: Json;
  /**
   * Completes the properties of a PUT with what Azure decides. `before` is what has been there; there is no version of
   * the API where Azure itself writes.
   */
  complete?: (
    azure: Azure,
    resource: StoredResource,
    before: StoredResource | undefined,
    apiVersion: string | undefined,
  ) => void;
  /** Ids of what its properties name, which a caller may write only who may join them. */
  joins?: (properties: Json) => string[];
  /**
   * Holds a resource that is about to be written against what is there.
   *
   * @throws AzureError where it does not fit.
   */
  check?: (azure: Azure, resource: StoredResource, children: StoredResource[]) => void;
  /** @throws AzureError where something still uses it. */
  requireUnused?: (azure: Azure, resource: StoredResource) => void;
  /** Whether an error of its provider stands alone, without `error` around it. */
  isBareError?: (code: string, apiVersion: string) => boolean;
  /**
   * Removes what goes with it, beside what is below it, where it goes with its group.
   *
   * @throws AzureError where it cannot go now.
   */
  goesWithGroup?: (azure: Azure, resource: StoredResource) => void;
  /** Properties that are made for each answer. */
  present?: (azure: Azure, resource: StoredResource, query: URLSearchParams) => Json;
  get?: Handler;
  list?: Handler;
  put?: Handler;
  patch?: Handler;
  delete?: Handler;
  /** POST of the type itself: `checkNameAvailability`. */
  post?: Handler;
  /** POST actions, by their name. */
  actions?: Record<string, Handler>;
  /** What a condition can know of a write or delete. */
  attributes?: (azure: Azure, request: ArmRequest) => { request?: Attributes; resource?: Attributes };
  /** Whether anybody with a token of the tenant may do so. */
  opens?: (azure: Azure, request: ArmRequest) => boolean;
  /** Handlers of this type check the caller's rights themselves. */
  authorizesItself?: boolean;
}

/** The table of every resource type that is served, by name in any case. */
export interface ResourceTypes {
  find(type: string): ResourceType | undefined;
  hasNamespace(namespace: string): boolean;
  /** In Azure's spelling. */
  namespaces(): string[];
  of(namespace: string): ResourceType[];
  readonly all: ResourceType[];
}

export function tableOf(types: ResourceType[]): ResourceTypes {
  const byName = new Map(types.map((type) => [type.type.toLowerCase(), type]));
  const byNamespace = new Map<string, ResourceType[]>();
  for (const type of types) {
    const namespace = type.type.slice(0, type.type.indexOf("/"));
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), type]);
  }
  const lowerCase = new Set([...byNamespace.keys()].map((namespace) => namespace.toLowerCase()));
  return {
    find: (type) => byName.get(type.toLowerCase()),
    hasNamespace: (namespace) => lowerCase.has(namespace.toLowerCase()),
    namespaces: () => [...byNamespace.keys()],
    of: (namespace) => byNamespace.get(namespace) ?? [],
    all: types,
  };
}
