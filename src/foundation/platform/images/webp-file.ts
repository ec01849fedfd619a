// Reads WebP files (RFC 9649), without decoding their pixels.
import type { Fits, ImageFault } from './image-fault.ts'

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

const FILE_HEADER = 12
const CHUNK_HEADER = 8
/** The flag of the extended header that says that there is an opacity. */
const OPACITY = 0x10

/** Returns the file with the picture alone. */
export function readWebp(file: Buffer, fits: Fits): Buffer | ImageFault {
  const chunks = chunksIn(file)
  if (chunks?.some(({ type }) => type === 'ANIM' || type === 'ANMF')) return 'animated'
  const picture = chunks && pictureIn(chunks)
  const size = picture && sizeOf(picture)
  if (chunks === undefined || picture === undefined || size === undefined) return 'damaged'
  const canvas = canvasOf(chunks, size)
  if (canvas === undefined || canvas.some((side, at) => side !== size[at])) return 'damaged'
  if (!fits(...size)) return 'size'
  const opacity = picture.type === 'VP8 ' && chunks.find(({ type }) => type === 'ALPH')
  return opacity ? fileOf(extendedHeader(size), opacity, picture) : fileOf(picture)
}

/** Undefined where the lengths of the file and its chunks do not agree. */
function chunksIn(file: Buffer): Chunk[] | undefined {
  if (file.length < FILE_HEADER || file.readUInt32LE(4) !== file.length - 8) return undefined
  const found: Chunk[] = []
  for (let at = FILE_HEADER; at < file.length;) {
    if (file.length - at < CHUNK_HEADER) return undefined
    const length = file.readUInt32LE(at + 4)
    const end = at + CHUNK_HEADER + length
    // A chunk of odd length is followed by a byte.
    const next = end + (length % 2)
    if (next > file.length) return undefined
    found.push({ type: file.toString('latin1', at, at + 4), data: file.subarray(at + CHUNK_HEADER, end) })
    at = next
  }
  return found
}

/** The chunk with the picture, if there is one, and the file begins as one with such a picture does. */
function pictureIn(chunks: readonly Chunk[]): Chunk | undefined {
  const [first] = chunks
  const pictures = chunks.filter(({ type }) => type === 'VP8 ' || type === 'VP8L')
  const [picture] = pictures
  return pictures.length === 1 && (first === picture || first?.type === 'VP8X') ? picture : undefined
}

type Size = readonly [width: number, height: number]

function sizeOf({ type, data }: Chunk): Size | undefined {
  return type === 'VP8L' ? sizeOfLossless(data) : sizeOfLossy(data)
}

function sizeOfLossless(data: Buffer): Size | undefined {
  if (data.length < 6 || data[0] !== 0x2f) return undefined
  const bits = data.readUInt32LE(1)
  const [width, height, version] = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1, bits >>> 29]
  return version === 0 ? [width, height] : undefined
}

/** A key frame of VP8 (RFC 6386 §9.1), whose first partition must fit in the data. */
function sizeOfLossy(data: Buffer): Size | undefined {
  if (data.length < 11) return undefined
  const tag = data.readUIntLE(0, 3)
  const isKeyFrame = (tag & 1) === 0 && data.readUIntBE(3, 3) === 0x9d012a
  if (!isKeyFrame || tag >>> 5 > data.length - 10) return undefined
  return [data.readUInt16LE(6) & 0x3fff, data.readUInt16LE(8) & 0x3fff]
}

/** What the extended header says; that of the picture in a file without one, and undefined for a malformed one. */
function canvasOf([first]: readonly Chunk[], picture: Size): Size | undefined {
  if (first?.type !== 'VP8X') return picture
  const { data } = first
  return data.length === 10 ? [data.readUIntLE(4, 3) + 1, data.readUIntLE(7, 3) + 1] : undefined
}

function extendedHeader([width, height]: Size): Chunk {
  const data = Buffer.alloc(10)
  data[0] = OPACITY
  data.writeUIntLE(width - 1, 4, 3)
  data.writeUIntLE(height - 1, 7, 3)
  return { type: 'VP8X', data }
}

function fileOf(...chunks: readonly Chunk[]): Buffer {
  const body = Buffer.concat(chunks.map(written))
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}

function written({ type, data }: Chunk): Buffer {
  const head = Buffer.alloc(CHUNK_HEADER)
  head.write(type, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}
