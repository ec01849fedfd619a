// A label that a sentence quotes comes from the catalogue, by `quoted`: a typed one would stay when the label changes.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

/** What is quoted and is no label of ours: examples of what people type, and words of other programs. */
const NO_LABELS = new Set([
  'Work laptop',
  'Work phone',
  'Nightly backup',
  'CSV UTF-8',
  'Arbeitslaptop',
  'Diensttelefon',
  'Nächtliche Sicherung',
  'Redirect-URI',
  'Callback-URL',
])

for (const [folder, typed] of [
  ['english', /“(\p{Lu}[^”$]*)”/gu],
  ['german', /„(\p{Lu}[^“$]*)“/gu],
] as const) {
  test(`${folder}: no sentence types the label that it quotes`, () => {
    const files = globSync('*.ts', { cwd: join(import.meta.dirname, folder) })
    assert.ok(files.length > 40, `only ${files.length} files were read`)
    const found = files.flatMap((file) => {
      const source = readFileSync(join(import.meta.dirname, folder, file), 'utf8')
      const code = source.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
      return [...code.matchAll(typed)].map(([, label = '']) => `${file}: ${label}`)
    })
    assert.deepEqual(
      found.filter((one) => !NO_LABELS.has(one.slice(one.indexOf(': ') + 2))),
      [],
    )
  })
}
