/** What is read of the image that a build begins with, and of the definition that it ends in. */

export type OperatingSystem = "Linux" | "Windows";

/** What has to be bought with a marketplace image. */
export interface PurchasePlan {
  publisher: string;
  product: string;
  name: string;
}

/** What a source means now. */
export interface SourceImage {
  version: string;
  /** Of a gallery's version: when it was published, ISO 8601. */
  publishedAt?: string | undefined;
  /** Of a managed image: what it was made of, since its name can be given again. */
  content?: string | undefined;
  operatingSystem: OperatingSystem | undefined;
  /** V1 or V2; undefined where Azure does not tell, as of the next. */
  generation: string | undefined;
  /** x64 or Arm64. */
  architecture: string | undefined;
  /** TrustedLaunchSupported, TrustedLaunch, ConfidentialVM …; Standard where it tells of features, and of none of these. */
  securityType: string | undefined;
  diskGB: number | undefined;
  plan: PurchasePlan | undefined;
  /** Names of the regions that it can be built in; undefined where it is in the marketplace of the region asked for. */
  regions: readonly string[] | undefined;
  /** Active, ScheduledForDeprecation, Deprecated. */
  state: string | undefined;
  /** ISO 8601. */
  deprecatedAt: string | undefined;
}

/** Of Azure's error, where it is asked for a version of which no machine can be made any more. */
export const VERSION_DEPRECATED = "ImageVersionDeprecated";

export interface ImageDefinition {
  /** A region's name: each version is made there first. */
  location: string;
  operatingSystem: OperatingSystem | undefined;
  generation: string | undefined;
  architecture: string | undefined;
  /** Generalized or Specialized. */
  state: string | undefined;
  /** As a source image's. */
  securityType: string | undefined;
}

export interface GalleryVersion {
  /** `1.0.3`. */
  name: string;
  /** Never taken for the latest. */
  isExcluded: boolean;
}
