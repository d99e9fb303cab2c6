/** What is read of the image that a build begins with, and of the definition that it ends in. */

export type OperatingSystem = "Linux" | "Windows";

export interface PlatformImage {
  version: string;
  operatingSystem: OperatingSystem | undefined;
  /** V1 or V2; undefined where Azure does not tell, as of the next. */
  generation: string | undefined;
  /** x64 or Arm64. */
  architecture: string | undefined;
  hasPlan: boolean;
  /** Active, ScheduledForDeprecation, Deprecated. */
  state: string | undefined;
  /** ISO 8601. */
  deprecatedAt: string | undefined;
}

export interface ImageDefinition {
  /** A region's name: each version is made there first. */
  location: string;
  operatingSystem: OperatingSystem | undefined;
  generation: string | undefined;
  architecture: string | undefined;
  /** Generalized or Specialized. */
  state: string | undefined;
}

export interface GalleryVersion {
  /** `1.0.3`. */
  name: string;
  /** Never taken for the latest. */
  isExcluded: boolean;
}
