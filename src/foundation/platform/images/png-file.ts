// Reads PNG files (RFC 2083; W3C PNG, third edition), without decoding their filters.
import { crc32, createInflate } from 'node:zlib'

import type { Fits, ImageFault } from './image-fault.ts'

interface Chunk {
  readonly type: string
  readonly data: Buffer
  /** With its length, type and checksum. */
  readonly whole: Buffer
}

/** The chunks without which a browser shows other colours, each at most once, with the most bytes that they have: no text or file fits there. */
const COLOURS = new Map([
  ['PLTE', 768],
  ['tRNS', 256],
  ['cHRM', 32],
  ['gAMA', 4],
  ['sRGB', 1],
])
/** What belongs to the picture. */
const KEPT = new Set(['IHDR', 'IDAT', 'IEND', ...COLOURS.keys()])

/** The channels of each colour type, and how many bits each can have. */
const COLOUR_TYPES: Readonly<Record<number, readonly [channels: number, depths: readonly number[]]>> = {
  0: [1, [1, 2, 4, 8, 16]],
  2: [3, [8, 16]],
  3: [1, [1, 2, 4, 8]],
  4: [2, [8, 16]],
  6: [4, [8, 16]],
}
const WITH_PALETTE = 3
/** The last chunk, which is empty. */
const END = Buffer.from('0000000049454e44ae426082', 'hex')

/** Returns the chunks of a PNG, which follow its signature, that belong to the picture. */
export async function readPng(chunks: Buffer, fits: Fits): Promise<Buffer | ImageFault> {
  const all = chunksIn(chunks)
  const header = all?.[0] && headerIn(all[0])
  if (all === undefined || header === undefined) return 'damaged'
  if (!fits(header.width, header.height)) return 'size'
  if (all.some(({ type }) => type === 'acTL')) return 'animated'
  if (!isInOrder(all, header) || !areColoursSmall(all)) return 'damaged'
  const data = Buffer.concat(all.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data))
  if (!(await holdsPixels(data, bytesOf(header)))) return 'damaged'
  return Buffer.concat(all.filter(({ type }) => KEPT.has(type)).map(({ whole }) => whole))
}

/** Undefined where a chunk is longer than the file, or another than its checksum says. */
function chunksIn(bytes: Buffer): Chunk[] | undefined {
  const found: Chunk[] = []
  for (let at = 0; at < bytes.length;) {
    if (bytes.length - at < 12) return undefined
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    const content = bytes.subarray(at + 4, end - 4)
    if (bytes.readUInt32BE(end - 4) !== crc32(content)) return undefined
    found.push({ type: content.toString('latin1', 0, 4), data: content.subarray(4), whole: bytes.subarray(at, end) })
    at = end
  }
  return found
}

interface Header {
  readonly width: number
  readonly height: number
  readonly colours: number
  /** Of a pixel. */
  readonly bits: number
  readonly interlaced: boolean
}

function headerIn({ type, data }: Chunk): Header | undefined {
  if (type !== 'IHDR' || data.length !== 13) return undefined
  const [width, height] = [data.readUInt32BE(0), data.readUInt32BE(4)]
  const [depth = 0, colours = 0, compression, filter, interlace = 0] = data.subarray(8)
  const [channels, depths] = COLOUR_TYPES[colours] ?? [0, []]
  const isKnown = depths.includes(depth) && compression === 0 && filter === 0 && interlace <= 1
  if (!isKnown || width === 0 || height === 0) return undefined
  return { width, height, colours, bits: channels * depth, interlaced: interlace === 1 }
}

/** Whether what a reader must understand is there once, the data in one piece, and the end at the end. */
function isInOrder(chunks: readonly Chunk[], { colours }: Header): boolean {
  const types = chunks.map(({ type }) => type)
  const wanted = colours === WITH_PALETTE ? /^IHDR PLTE( IDAT)+ IEND$/ : /^IHDR( PLTE)?( IDAT)+ IEND$/
  const data = types.slice(types.indexOf('IDAT'), types.lastIndexOf('IDAT'))
  const isInOnePiece = data.every((type) => type === 'IDAT')
  return wanted.test(types.filter(isCritical).join(' ')) && isInOnePiece && chunks.at(-1)?.whole.equals(END) === true
}

function areColoursSmall(chunks: readonly Chunk[]): boolean {
  const lengthsOf = (wanted: string) => chunks.flatMap(({ type, data }) => (type === wanted ? [data.length] : []))
  return [...COLOURS].every(([type, most]) => {
    const lengths = lengthsOf(type)
    return lengths.length <= 1 && lengths.every((length) => length <= most)
  })
}

/** A capital first letter says that a reader must understand the chunk. */
function isCritical(type: string): boolean {
  return (type.charCodeAt(0) & 0x20) === 0
}

/** Where each pass of Adam7 begins and how far apart its pixels are, across and down. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const

/** How many bytes the pixels take, with the byte before each row that names its filter. */
function bytesOf({ width, height, bits, interlaced }: Header): number {
  const pass = (columns: number, rows: number): number =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * bits) / 8))
  if (!interlaced) return pass(width, height)
  const sizes = PASSES.map(([left, top, across, down]) =>
    pass(Math.ceil((width - left) / across), Math.ceil((height - top) / down)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Whether the data are so many bytes, compressed, and nothing else. Unpacking stops at more bytes (decompression bomb). */
async function holdsPixels(data: Buffer, bytes: number): Promise<boolean> {
  const inflating = createInflate()
  inflating.end(data)
  try {
    return (await lengthOf(inflating, bytes)) === bytes && inflating.bytesWritten === data.length
  } catch {
    return false
  }
}

/** Returns how many bytes are unpacked; of more than `most`, as many as were unpacked until then. */
async function lengthOf(inflating: AsyncIterable<Buffer>, most: number): Promise<number> {
  let length = 0
  for await (const part of inflating) {
    length += part.length
    if (length > most) break
  }
  return length
}
