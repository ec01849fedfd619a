import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { temporaryFolder } from '#test/support/databases/temporary.ts'
import { ConfigFaults } from './config/config.ts'
import { readPictureFile } from './picture-file.ts'

const LIMIT = 100 * 1024

const drawings: readonly [text: string, proportion: number][] = [
  ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 32"><path d=""/></svg>', 1.5],
  ["<?xml version='1.0'?>\n<!-- a comment -->\n<!DOCTYPE svg>\n<svg viewBox='-1,-1 , 10 20'></svg>", 0.5],
  ['\uFEFF<svg width="48"></svg>', 1],
  ['<svg>', 1],
  ['<svg viewBox="0 0 0 7"></svg>', 1],
]
for (const [text, proportion] of drawings) {
  test(`a drawing is read with its proportion: ${JSON.stringify(text.slice(0, 50))}`, async (t) => {
    const logo = await readPictureFile('logo', await fileOf(t, Buffer.from(text)))
    assert.deepEqual(logo, { format: 'svg', content: Buffer.from(text), proportion })
  })
}

test('a PNG is recognized by its signature, whatever the name of the file', async (t) => {
  const content = png(120, 40)
  assert.deepEqual(await readPictureFile('logo', await fileOf(t, content)), { format: 'png', content, proportion: 3 })
})

const others: readonly [what: string, content: Buffer][] = [
  ['an HTML page', Buffer.from('<!doctype html><html><svg></svg></html>')],
  ['a drawing after another element', Buffer.from('<a/><svg></svg>')],
  ['plain text', Buffer.from('svg')],
  ['an empty file', Buffer.alloc(0)],
  ['a truncated PNG', png(1, 1).subarray(0, 20)],
]
for (const [what, content] of others) {
  test(`${what} is refused as a logo`, async (t) => {
    await assert.rejects(readPictureFile('logo', await fileOf(t, content)), (error) => isFault(error, /something else/))
  })
}

test('a logo may have 100 KiB and not a byte more', async (t) => {
  const largest = Buffer.concat([png(1, 1), Buffer.alloc(LIMIT - png(1, 1).length)])
  assert.equal((await readPictureFile('logo', await fileOf(t, largest))).content.length, LIMIT)
  const larger = Buffer.concat([largest, Buffer.alloc(1)])
  await assert.rejects(readPictureFile('logo', await fileOf(t, larger)), (error) => isFault(error, /a larger one/))
})

test('the error for a missing file names its path', async (t) => {
  const path = join(await temporaryFolder(t), 'missing.svg')
  await assert.rejects(
    readPictureFile('logo', path),
    (error) => isFault(error, /ENOENT/) && String(error).includes(path),
  )
  await assert.rejects(readPictureFile('logo', await temporaryFolder(t)), (error) => isFault(error, /EISDIR/))
})

function isFault(error: unknown, found: RegExp): boolean {
  assert.ok(error instanceof ConfigFaults)
  assert.equal(error.faults[0]?.key, 'logo')
  assert.match(error.message, found)
  assert.match(error.message, /expected an SVG or PNG file of at most 100 KiB/)
  return true
}

async function fileOf(t: TestContext, content: Buffer): Promise<string> {
  const path = join(await temporaryFolder(t), 'logo')
  writeFileSync(path, content)
  return path
}

/** The beginning of a PNG: signature, length and name of the first chunk, width, height. */
function png(width: number, height: number): Buffer {
  const size = Buffer.alloc(8)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  return Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), size])
}

test('an icon must be square', async (t) => {
  const square = await fileOf(t, png(64, 64))
  assert.equal((await readPictureFile('icon', square)).proportion, 1)
  const wide = await fileOf(t, png(64, 32))
  await assert.rejects(readPictureFile('icon', wide), (error) => {
    assert.ok(error instanceof ConfigFaults)
    assert.match(error.message, /icon .*: found a picture that is not square/)
    return true
  })
})
