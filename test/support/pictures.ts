// Small pictures in the formats of icons, and what can be wrong with them.
import { crc32 } from 'node:zlib'

import { pngOf } from '#foundation/platform/png.ts'

const PNG_SIGNATURE = 8

/** A square PNG of one colour. */
export function pngSquare(side: number, colour: readonly [number, number, number] = [15, 107, 92]): Buffer {
  const pixels = new Uint8Array(side * side * 4)
  for (let at = 0; at < pixels.length; at += 4) pixels.set([...colour, 255], at)
  return pngOf(pixels, side)
}

/** A PNG of an icon: a shape in white on a colour. `isInk` gets each point, between -1 and 1 from the centre to the edges. */
export function pngIcon(colour: readonly [number, number, number], isInk: (x: number, y: number) => boolean): Buffer {
  const side = 96
  const pixels = new Uint8Array(side * side * 4)
  const from = (at: number): number => (at + 0.5) / (side / 2) - 1
  for (let at = 0; at < side * side; at++) {
    const ink = isInk(from(at % side), from(Math.floor(at / side)))
    pixels.set([...(ink ? [255, 255, 255] : colour), 255], at * 4)
  }
  return pngOf(pixels, side)
}

/** A PNG of noise, which hardly gets smaller by compression. */
export function noisyPng(side: number): Buffer {
  let state = 1
  const pixels = Uint8Array.from({ length: side * side * 4 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  })
  return pngOf(pixels, side)
}

/** A chunk of a PNG with its checksum. */
export function pngChunk(type: string, data: Buffer = Buffer.alloc(0)): Buffer {
  const content = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(content))
  return Buffer.concat([length, content, checksum])
}

/** The chunks of a PNG. */
export function chunksOf(png: Buffer): Buffer[] {
  const found: Buffer[] = []
  for (let at = PNG_SIGNATURE; at < png.length;) {
    const end = at + 12 + png.readUInt32BE(at)
    found.push(png.subarray(at, end))
    at = end
  }
  return found
}

/** The PNG of these chunks. */
export function pngFrom(...chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([pngSquare(1).subarray(0, PNG_SIGNATURE), ...chunks])
}

/** A WebP file with these chunks. */
export function webpFrom(...chunks: readonly (readonly [type: string, data: Buffer])[]): Buffer {
  const body = Buffer.concat(
    chunks.map(([type, data]) => {
      const head = Buffer.alloc(8)
      head.write(type, 'latin1')
      head.writeUInt32LE(data.length, 4)
      return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
    }),
  )
  const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}

/** The data of a lossless WebP picture of one colour: no transforms, and five codes of one symbol each, so that a pixel takes no bit. */
export function losslessData(width: number, height: number, [red, green, blue] = [15, 107, 92]): Buffer {
  const bits: number[] = []
  const put = (value: number, count: number): void => {
    for (let at = 0; at < count; at++) bits.push((value >>> at) & 1)
  }
  put(width - 1, 14)
  put(height - 1, 14)
  // No opacity, version 0; no transform, no colour cache, one group of codes.
  for (const count of [1, 3, 1, 1, 1]) put(0, count)
  for (const symbol of [green, red, blue, 255]) {
    // A simple code of one symbol of eight bits.
    put(1, 1)
    put(0, 1)
    put(1, 1)
    put(symbol ?? 0, 8)
  }
  // The code of distances: one symbol of one bit.
  put(1, 1)
  put(0, 1)
  put(0, 1)
  put(0, 1)
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8))
  bits.forEach((bit, at) => (bytes[at >>> 3] = (bytes[at >>> 3] ?? 0) | (bit << (at & 7))))
  return Buffer.concat([Buffer.from([0x2f]), bytes])
}

/** A square WebP of one colour. */
export function webpSquare(side: number): Buffer {
  return webpFrom(['VP8L', losslessData(side, side)])
}
