import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { crc32, deflateSync, inflateSync } from 'node:zlib'

import { animatedPng, chunksOf } from './animated-png.ts'

const ROOT = join(import.meta.dirname, '..')

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(typed))
  return Buffer.concat([length, typed, sum])
}

/** A grey picture of one pixel a line, its lines in two chunks, with a chunk that no animation needs. */
function picture(shade: number, height = 2): Buffer {
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, height, 8, 0, 0, 0, 0])
  const lines = deflateSync(Buffer.from(Array.from({ length: height }, () => [0, shade]).flat()))
  const parts = [lines.subarray(0, 4), lines.subarray(4)].map((part) => chunk('IDAT', part))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  const text = chunk('tEXt', Buffer.from('a\0b'))
  return Buffer.concat([signature, chunk('IHDR', head), text, ...parts, chunk('IEND', Buffer.alloc(0))])
}

/** The pixels of each frame, from its own chunks. */
function framesIn(file: Buffer): Buffer[] {
  const frames: Buffer[][] = []
  for (const { type, data } of chunksOf(file)) {
    if (type === 'fcTL') frames.push([])
    if (type === 'IDAT') frames.at(-1)?.push(data)
    if (type === 'fdAT') frames.at(-1)?.push(data.subarray(4))
  }
  return frames.map((parts) => inflateSync(Buffer.concat(parts)))
}

test('an animation has the pixels of its pictures, in order, each with its time', () => {
  const shades = [7, 80, 200]
  const file = animatedPng(
    shades.map((shade, index) => ({ picture: picture(shade), shown: 500 * (index + 1) })),
    3,
  )
  assert.deepEqual(
    chunksOf(file).map(({ type }) => type),
    ['IHDR', 'acTL', 'fcTL', 'IDAT', 'IDAT', 'fcTL', 'fdAT', 'fdAT', 'fcTL', 'fdAT', 'fdAT', 'IEND'],
  )
  assert.deepEqual(
    framesIn(file),
    shades.map((shade) => Buffer.from([0, shade, 0, shade])),
  )
  const numbered = chunksOf(file).filter(({ type }) => type === 'fcTL' || type === 'fdAT')
  assert.deepEqual(
    numbered.map(({ data }) => data.readUInt32BE(0)),
    numbered.map((_, index) => index),
  )
  assert.deepEqual(durations(file), [500, 1000, 1500])
})

test('pictures of different sizes, damaged ones and no picture at all are refused', () => {
  const frame = { picture: picture(1), shown: 1 }
  assert.throws(() => animatedPng([frame, { picture: picture(1, 3), shown: 1 }], 1), /Frame 2 has another size/)
  assert.throws(() => animatedPng([], 1), /needs a frame/)
  const damaged = Buffer.from(frame.picture)
  damaged[18] = 9
  assert.throws(() => chunksOf(damaged), /damaged/)
})

/** The milliseconds of each frame. */
function durations(file: Buffer): number[] {
  const controls = chunksOf(file).filter(({ type }) => type === 'fcTL')
  return controls.map(({ data }) => (1000 * data.readUInt16BE(20)) / data.readUInt16BE(22))
}

test('the film of the README is short and small, and has a still picture for those who prefer no motion', () => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  for (const theme of ['light', 'dark']) {
    const path = `docs/pictures/set-up-${theme}.png`
    const film = readFileSync(join(ROOT, path))
    const shown = durations(film)
    const total = shown.reduce((sum, milliseconds) => sum + milliseconds, 0)
    assert.ok(shown.length >= 5 && total <= 12_000, `${path}: ${shown.join(' ')}`)
    assert.ok(film.length <= 600_000, `${path}: ${film.length} bytes`)
    assert.ok(readme.includes(path), path)
  }
  const sources = [...readme.matchAll(/<source media="([^"]*)" srcset="([^"]*)">/g)]
  const still = sources.filter(([, media]) => media?.includes('prefers-reduced-motion: reduce'))
  assert.deepEqual(
    still.map(([, , path]) => path),
    ['docs/pictures/way-in-dark.png', 'docs/pictures/way-in-light.png'],
  )
  // The first source that fits is shown, so those for less motion come first.
  assert.deepEqual(sources.slice(0, still.length), still)
})
