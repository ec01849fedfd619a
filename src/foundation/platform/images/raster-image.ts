// Reads a PNG or WebP file that a user uploads; the folder contains what knows these formats. Nothing but the picture itself is kept of it.
import type { Fits, ImageFault } from './image-fault.ts'
import { readPng } from './png-file.ts'
import { readWebp } from './webp-file.ts'

export type ImageType = 'image/png' | 'image/webp'

export interface RasterImage {
  readonly type: ImageType
  /** The file without metadata, comments, and anything else that is not part of the picture. */
  readonly content: Buffer
}

const PNG_START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/**
 * Reads the whole file: each part must be as long as it says, in the order of the format, and the last one must end with the file, so that no
 * other file stands behind the picture (polyglot). What the client says of its type plays no part.
 */
export async function readRasterImage(file: Buffer, fits: Fits): Promise<RasterImage | ImageFault> {
  const [type, found] = file.subarray(0, PNG_START.length).equals(PNG_START)
    ? (['image/png', await readPng(file.subarray(PNG_START.length), fits)] as const)
    : (['image/webp', startsAsWebp(file) ? readWebp(file, fits) : 'type'] as const)
  if (typeof found === 'string') return found
  return { type, content: type === 'image/png' ? Buffer.concat([PNG_START, found]) : found }
}

function startsAsWebp(file: Buffer): boolean {
  return file.toString('latin1', 0, 4) === 'RIFF' && file.toString('latin1', 8, 12) === 'WEBP'
}
