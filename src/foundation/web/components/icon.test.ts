import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'

import { DRAWINGS } from './icon.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const sprite = readFileSync(join(ROOT, 'assets/icons.svg'))

test('each drawing has an id and is used by a page, and the file has no other', () => {
  const ids = [...sprite.toString().matchAll(/<symbol id="([\w-]+)" viewBox="0 0 20 20">/g)].map(([, id]) => id)
  assert.deepEqual(ids, [...DRAWINGS])
  const pages = globSync(['src/**/*.pages.ts', 'src/foundation/web/components/*.ts'], { cwd: ROOT })
  const users = pages.filter((file) => !/icon\.(test\.)?ts$/.test(file))
  const sources = users.map((file) => readFileSync(join(ROOT, file), 'utf8')).join()
  const unused = DRAWINGS.filter((drawing) => !new RegExp(`(icon|drawing|link)\\b.*'${drawing}'`, 'i').test(sources))
  assert.deepEqual(unused, [])
})

test('all drawings take at most 2.5 KB compressed, and name no colour', () => {
  assert.ok(brotliCompressSync(sprite).length <= 2.5 * 1024)
  assert.doesNotMatch(sprite.toString(), /#[0-9a-f]{3}|fill=|stroke=|script|style/i)
})
