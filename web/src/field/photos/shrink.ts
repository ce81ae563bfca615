/** The longest side of what is kept, in pixels: enough to read a paper, small enough for a slow line. */
export const longestSide = 1600;
const quality = 0.8;

export interface Size {
  width: number;
  height: number;
}

/** As large as it is kept: never larger than it was. */
export function fit({ width, height }: Size, most = longestSide): Size {
  const scale = Math.min(1, most / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The picture drawn anew, smaller, as a JPEG: what a camera writes beside it (place, time, the
 * device) is gone. Turned as the camera held it. Undefined when it is no picture.
 */
export async function shrink(
  file: Blob,
): Promise<{ blob: Blob; size: Size } | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return undefined;
  const size = fit(picture);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const pen = canvas.getContext("2d");
  pen?.drawImage(picture, 0, 0, size.width, size.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) =>
    canvas.toBlob(done, "image/jpeg", quality),
  );
  return blob ? { blob, size } : undefined;
}
