// Each error code is declared once, in the file of its feature, and stands in the one table.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

import { REFUSALS } from './refusal.ts'

const FOLDER = join(import.meta.dirname, 'refusals')

async function codesByFile(): Promise<Map<string, string[]>> {
  const tables = readdirSync(FOLDER).map(async (file) => {
    const exported = Object.values((await import(join(FOLDER, file))) as Record<string, object>)
    return [file, exported.flatMap((table) => Object.keys(table))] as const
  })
  return new Map(await Promise.all(tables))
}

test('the table of all error codes is that of every feature, and no code is declared twice', async () => {
  const declared = [...(await codesByFile()).values()].flat()
  assert.deepEqual(Object.keys(REFUSALS).toSorted(), declared.toSorted())
})

test('error codes with the same prefix are declared in one file', async () => {
  const files = new Map<string, Set<string>>()
  for (const [file, codes] of await codesByFile()) {
    for (const code of codes) {
      const prefix = code.slice(0, code.indexOf('.'))
      files.set(prefix, (files.get(prefix) ?? new Set()).add(file))
    }
  }
  const scattered = [...files].filter(([, found]) => found.size > 1).map(([prefix]) => prefix)
  assert.deepEqual(scattered, [])
})
