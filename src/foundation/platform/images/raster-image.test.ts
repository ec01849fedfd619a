// A picture that is uploaded is read whole: what is not the picture is left out, and what is no picture is refused.
import fc from 'fast-check'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'

import { chunksOf, losslessData, pngChunk, pngFrom, pngSquare, webpFrom, webpSquare } from '#test/support/pictures.ts'
import { readRasterImage } from './raster-image.ts'

const anySize = () => true

async function faultOf(file: Buffer): Promise<string> {
  const found = await readRasterImage(file, anySize)
  return typeof found === 'string' ? found : 'none'
}

function header(fields: { width?: number; height?: number; depth?: number; colours?: number; rest?: number[] } = {}) {
  const { width = 4, height = 4, depth = 8, colours = 6, rest = [0, 0, 0] } = fields
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([depth, colours, ...rest], 8)
  return pngChunk('IHDR', data)
}

const END = pngChunk('IEND')
const dataOf = (bytes: number): Buffer => pngChunk('IDAT', deflateSync(Buffer.alloc(bytes)))
const PALETTE = pngChunk('PLTE', Buffer.from([0, 0, 0, 255, 255, 255]))

test('a PNG is read in each of its forms', async () => {
  for (const [file, what] of [
    [pngSquare(16), 'written here'],
    [pngFrom(header(), dataOf(4 * 17), END), 'colours with opacity'],
    [pngFrom(header({ depth: 16 }), dataOf(4 * 33), END), 'of 16 bits'],
    [pngFrom(header({ colours: 2 }), dataOf(4 * 13), END), 'colours'],
    [pngFrom(header({ colours: 3, depth: 1 }), PALETTE, dataOf(4 * 2), END), 'two colours of a palette'],
    [pngFrom(header({ colours: 0, depth: 4, width: 5 }), dataOf(4 * 4), END), 'grey'],
    [pngFrom(header({ colours: 4 }), dataOf(4 * 9), END), 'grey with opacity'],
    // Five of the seven passes of Adam7 have pixels of a square of 4: in 1, 1, 1, 2 and 2 rows.
    [pngFrom(header({ rest: [0, 0, 1] }), dataOf(16 * 4 + 7), END), 'interlaced'],
  ] as const) {
    assert.equal(await faultOf(file), 'none', what)
  }
})

test('what is not the picture is left out of a PNG', async () => {
  const [head = END, data = END, end = END] = chunksOf(pngSquare(16))
  const colours = pngChunk('gAMA', Buffer.from([0, 1, 0x86, 0xa0]))
  const text = pngChunk('tEXt', Buffer.from('Comment\0<script>alert(1)</script>'))
  const found = await readRasterImage(
    pngFrom(head, colours, text, data, pngChunk('eXIf', Buffer.from('MM')), end),
    anySize,
  )
  assert.ok(typeof found === 'object')
  assert.deepEqual(found, { type: 'image/png', content: pngFrom(head, colours, data, end) })
})

test('a PNG that is damaged, or has something else in it, is refused', async () => {
  const [head = END, data = END, end = END] = chunksOf(pngSquare(16))
  const changed = Buffer.from(data)
  changed[20] = (changed[20] ?? 0) ^ 1
  for (const [file, what] of [
    [pngFrom(), 'a signature alone'],
    [pngFrom(head), 'a header alone'],
    [pngFrom(head, data), 'no end'],
    [pngFrom(head, end), 'no data'],
    [pngFrom(data, head, end), 'another order'],
    [pngFrom(head, head, data, end), 'two headers'],
    [pngFrom(head, data, end, end), 'two ends'],
    [pngFrom(head, changed, end), 'a checksum'],
    [pngFrom(head, data, end, Buffer.from('<html>')), 'a page behind it'],
    [pngFrom(head, data, end, pngChunk('tEXt', Buffer.from('a'))), 'a text behind it'],
    [pngFrom(head, data, pngChunk('tEXt'), data, end), 'data in two pieces'],
    [pngFrom(head, pngChunk('ABCD'), data, end), 'an unknown chunk that must be understood'],
    [pngFrom(head, pngChunk('gAMA', Buffer.from('<script>')), data, end), 'a text as the brightness'],
    [pngFrom(head, pngChunk('tRNS', Buffer.alloc(257)), data, end), 'more opacities than a palette has colours'],
    [pngFrom(head, pngChunk('PLTE', Buffer.alloc(769)), data, end), 'a palette of more than 256 colours'],
    [pngFrom(head, pngChunk('sRGB', Buffer.from('a')), pngChunk('sRGB', Buffer.from('b')), data, end), 'a chunk twice'],
    [pngFrom(head, data, pngChunk('IEND', Buffer.from('a'))), 'an end with data'],
    [pngFrom(header(), dataOf(4 * 17 - 1), END), 'too few pixels'],
    [pngFrom(header(), dataOf(4 * 17 + 1), END), 'too many pixels'],
    [pngFrom(header(), dataOf(50_000_000), END), 'a bomb'],
    [
      pngFrom(header(), pngChunk('IDAT', Buffer.concat([deflateSync(Buffer.alloc(68)), Buffer.from('PK')])), END),
      'more data',
    ],
    [pngFrom(header(), pngChunk('IDAT', Buffer.from('no data')), END), 'data that are not compressed'],
    [pngFrom(header({ colours: 3 }), dataOf(4 * 5), END), 'no palette'],
    [pngFrom(header({ colours: 5 }), dataOf(4 * 5), END), 'no such colours'],
    [pngFrom(header({ depth: 3, colours: 0 }), dataOf(4 * 3), END), 'no such depth'],
    [pngFrom(header({ width: 0 }), dataOf(4), END), 'no width'],
    [pngFrom(header({ rest: [1, 0, 0] }), dataOf(4 * 17), END), 'another compression'],
    [pngFrom(header({ rest: [0, 0, 2] }), dataOf(4 * 17), END), 'another interlacing'],
  ] as const) {
    assert.equal(await faultOf(file), 'damaged', what)
  }
  assert.equal(await faultOf(pngFrom(head, pngChunk('acTL', Buffer.alloc(8)), data, end)), 'animated')
})

/** The first 40 bytes of a lossy picture: a key frame whose first partition has `partition` bytes. */
function lossyData(width: number, height: number, partition = 20): Buffer {
  const data = Buffer.alloc(40)
  data.writeUIntLE(0x10 | (partition << 5), 0, 3)
  data.set([0x9d, 0x01, 0x2a], 3)
  data.writeUInt16LE(width, 6)
  data.writeUInt16LE(height, 8)
  return data
}

function extended(flags: number, width: number, height: number): [string, Buffer] {
  const data = Buffer.alloc(10)
  data[0] = flags
  data.writeUIntLE(width - 1, 4, 3)
  data.writeUIntLE(height - 1, 7, 3)
  return ['VP8X', data]
}

const LOSSY = ['VP8 ', lossyData(20, 18)] as const
const LOSSLESS = ['VP8L', losslessData(20, 18)] as const
const OPACITY = ['ALPH', Buffer.from([0, 255, 255])] as const

test('a WebP is read in each of its forms, and what is not the picture is left out of it', async () => {
  for (const [file, kept, what] of [
    [webpFrom(LOSSY), [LOSSY], 'lossy'],
    [webpFrom(LOSSLESS), [LOSSLESS], 'lossless'],
    [webpFrom(extended(0x10, 20, 18), LOSSLESS), [LOSSLESS], 'lossless with an extended header'],
    [webpFrom(extended(0x10, 20, 18), OPACITY, LOSSY), [extended(0x10, 20, 18), OPACITY, LOSSY], 'lossy with opacity'],
    [
      webpFrom(
        extended(0x2c, 20, 18),
        ['ICCP', Buffer.from('a')],
        LOSSY,
        ['EXIF', Buffer.from('MM')],
        ['XMP ', Buffer.from('<x/>')],
      ),
      [LOSSY],
      'with metadata',
    ],
    [webpFrom(LOSSY, ['JUNK', Buffer.from('<script>')]), [LOSSY], 'with something else'],
  ] as const) {
    const sizes: number[][] = []
    const found = await readRasterImage(file, (...size) => sizes.push(size) > 0)
    assert.deepEqual(found, { type: 'image/webp', content: webpFrom(...kept) }, what)
    assert.deepEqual(sizes, [[20, 18]], what)
  }
})

test('a WebP that is damaged or animated is refused', async () => {
  const odd = ['EXIF', Buffer.from('odd')] as const
  for (const [file, what] of [
    [webpFrom(), 'no picture'],
    [webpFrom(odd, LOSSY), 'something else first'],
    [webpFrom(LOSSY, LOSSY), 'two pictures'],
    [webpFrom(extended(0, 20, 18)), 'a header alone'],
    [webpFrom(extended(0, 18, 20), LOSSY), 'another size in its header'],
    [webpFrom(['VP8X', Buffer.alloc(9)], LOSSY), 'a short header'],
    [webpFrom(LOSSY).subarray(0, -1), 'cut off'],
    [Buffer.concat([webpFrom(LOSSY), Buffer.from('<html>')]), 'a page behind it'],
    [webpFrom(LOSSY, odd).subarray(0, -1), 'no byte behind a chunk of odd length'],
    [webpFrom(['VP8 ', lossyData(20, 18, 31)]), 'a partition that is longer than the data'],
    [webpFrom(['VP8 ', Buffer.from('short')]), 'a short picture'],
    [webpFrom(['VP8 ', lossyData(20, 18).fill(0, 3, 6)]), 'no start code'],
    [webpFrom(['VP8L', losslessData(20, 18).fill(0, 0, 1)]), 'no signature of a lossless picture'],
    [webpFrom(['VP8L', losslessData(20, 18).fill(0xff, 4, 5)]), 'another version of lossless pictures'],
  ] as const) {
    assert.equal(await faultOf(file), 'damaged', what)
  }
  assert.equal(
    await faultOf(webpFrom(extended(0x02, 20, 18), ['ANIM', Buffer.alloc(6)], ['ANMF', Buffer.alloc(40)])),
    'animated',
  )
})

test('anything else is no picture', async () => {
  for (const text of [
    '',
    'R',
    'RIFF',
    'RIFF\x04\0\0\0WAVE',
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '<!doctype html>',
    'GIF89a',
    '\xff\xd8\xff\xe0',
    '\x89PNG',
  ])
    assert.equal(await faultOf(Buffer.from(text, 'latin1')), 'type', text)
})

test('a picture of another size than wanted is refused before its pixels are unpacked', async () => {
  const fits = (width: number, height: number) => width <= 100 && height <= 100
  assert.equal(await readRasterImage(pngFrom(header({ width: 1_000_000, height: 1_000_000 }), END), fits), 'size')
  assert.equal(await readRasterImage(webpSquare(101), fits), 'size')
})

test('no change of one byte, and no part of a file, makes the reader fail', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(pngSquare(16), webpSquare(16), webpFrom(extended(0x10, 20, 18), OPACITY, LOSSY)),
      fc.nat(),
      fc.nat(255),
      fc.boolean(),
      async (file, at, byte, isCut) => {
        const changed = Buffer.from(file)
        changed[at % file.length] = byte
        await readRasterImage(isCut ? changed.subarray(0, at % file.length) : changed, anySize)
      },
    ),
  ))
