// Writes an animated PNG (third edition of the PNG specification) from pictures of equal size. Their compressed lines are taken over as
// they are: in an animation only the chunk around them differs.
import { crc32 } from 'node:zlib'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const KEEP_FRAME = 0
const REPLACE_FRAME = 0

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

export interface Frame {
  /** A PNG file. */
  readonly picture: Buffer
  /** Milliseconds for which the frame is shown. */
  readonly shown: number
}

/** Returns the animation. A program that knows no animations shows the first frame. Throws where two pictures differ in size or form. */
export function animatedPng(frames: readonly Frame[], plays: number): Buffer {
  const [first] = frames
  if (first === undefined) throw new Error('An animation needs a frame')
  const head = headOf(first.picture)
  let sequence = 0
  const chunks: Chunk[] = [
    { type: 'IHDR', data: head },
    { type: 'acTL', data: words(frames.length, plays) },
  ]
  for (const [index, { picture, shown }] of frames.entries()) {
    if (!headOf(picture).equals(head)) throw new Error(`Frame ${index + 1} has another size or form than the first`)
    chunks.push({ type: 'fcTL', data: control(sequence++, head, shown) })
    for (const { data } of chunksOf(picture).filter(({ type }) => type === 'IDAT')) {
      if (index === 0) chunks.push({ type: 'IDAT', data })
      else chunks.push({ type: 'fdAT', data: Buffer.concat([words(sequence++), data]) })
    }
  }
  return Buffer.concat([SIGNATURE, ...[...chunks, { type: 'IEND', data: Buffer.alloc(0) }].map(written)])
}

/** The chunks of a PNG file, in order. Throws for anything else. */
export function chunksOf(file: Buffer): Chunk[] {
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('This is no PNG')
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at < file.length;) {
    const length = file.readUInt32BE(at)
    const typed = file.subarray(at + 4, at + 8 + length)
    if (crc32(typed) !== file.readUInt32BE(at + 8 + length)) throw new Error('A chunk of this PNG is damaged')
    chunks.push({ type: typed.toString('latin1', 0, 4), data: typed.subarray(4) })
    at += 12 + length
  }
  return chunks
}

function headOf(file: Buffer): Buffer {
  const head = chunksOf(file).find(({ type }) => type === 'IHDR')
  if (head === undefined) throw new Error('This PNG has no head')
  return head.data
}

/** The control chunk of a frame that covers the whole picture. */
function control(sequence: number, head: Buffer, shown: number): Buffer {
  const delay = Buffer.alloc(4)
  delay.writeUInt16BE(shown, 0)
  delay.writeUInt16BE(1000, 2)
  const [width, height] = [head.readUInt32BE(0), head.readUInt32BE(4)]
  return Buffer.concat([words(sequence, width, height, 0, 0), delay, Buffer.from([KEEP_FRAME, REPLACE_FRAME])])
}

function written({ type, data }: Chunk): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([words(data.length), typed, words(crc32(typed))])
}

function words(...numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * numbers.length)
  for (const [index, number] of numbers.entries()) buffer.writeUInt32BE(number, 4 * index)
  return buffer
}
