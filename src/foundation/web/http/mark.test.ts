import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inflateSync } from 'node:zlib'

import { markDrawing, markIcon, markPicture } from './mark.ts'

const COLOURS = { leaf: '#0f6b5c', bolts: '#5cc9b1' }
const [LEAF, BOLTS, GROUND] = [
  [0x0f, 0x6b, 0x5c, 255],
  [0x5c, 0xc9, 0xb1, 255],
  [0xf6, 0xf4, 0xef, 255],
]

test('the drawing of the mark takes at most 400 bytes and holds no script and no style', () => {
  const drawing = markDrawing(COLOURS)
  assert.ok(drawing.length <= 400, `${drawing.length}`)
  assert.doesNotMatch(drawing.toString(), /script|style=/)
})

test('the pictures have the colours of the leaf and the bolts where those are', () => {
  const clear = pixelsOf(markPicture(COLOURS, 24))
  assert.deepEqual([clear(6, 12), clear(18, 8), clear(22, 20)], [LEAF, BOLTS, [0, 0, 0, 0]])
  const solid = pixelsOf(markPicture(COLOURS, 180, '#f6f4ef'))
  assert.deepEqual([solid(60, 90), solid(130, 69), solid(0, 0)], [LEAF, BOLTS, GROUND])
})

test('the picture of home screens takes at most 3 KB, the icon file at most 1 KB', () => {
  assert.ok(markPicture(COLOURS, 180, '#f6f4ef').length <= 3 * 1024)
  const icon = markIcon(COLOURS)
  assert.ok(icon.length <= 1024)
  assert.deepEqual([...icon.subarray(0, 8)], [0, 0, 1, 0, 1, 0, 32, 32])
  assert.equal(icon.readUInt32LE(14), icon.length - icon.readUInt32LE(18))
})

/** The four bytes of a pixel of a PNG that has no filters. */
function pixelsOf(png: Buffer): (column: number, row: number) => number[] {
  const size = png.readUInt32BE(16)
  const length = png.readUInt32BE(33)
  assert.equal(png.toString('latin1', 37, 41), 'IDAT')
  const rows = inflateSync(png.subarray(41, 41 + length))
  return (column, row) => {
    const at = row * (size * 4 + 1) + 1 + column * 4
    return [...rows.subarray(at, at + 4)]
  }
}
