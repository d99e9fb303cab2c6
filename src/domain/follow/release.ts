/** A version of something that images are built on. */
export interface Release {
  /** The URN of a marketplace's image without version; or the id of an image definition, or of a managed image. */
  source: string;
  /** A number; of a managed image the build that made it. */
  version: string;
  /** When it came out, ISO 8601; the marketplace does not tell. */
  publishedAt?: string;
}
