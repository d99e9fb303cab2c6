import { ImageList, ImageView } from "./imageView.ts";
import { type JsonSchema, schemaOf } from "./recipeSchema.ts";

export interface ImagesSchema {
  $schema: string;
  title: string;
  definitions: Record<"ImageList" | "Image", JsonSchema>;
}

/** Of what `GET /api/images` and `GET /api/images/{image}` answer with. */
export function imagesSchema(): ImagesSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Answers of Goldsmith about images",
    definitions: { ImageList: schemaOf(ImageList), Image: schemaOf(ImageView) },
  };
}
