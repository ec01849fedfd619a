// `npm run typeface`: makes assets/headings.woff2, the letters of Bricolage Grotesque (600) that headings need, from the package that the
// lockfile beside this file pins, and copies its licence. The result lies in the repository, so that nothing else installs these packages.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { TYPEFACE_LETTERS } from '../../src/foundation/web/components/typeface.ts'
import { install } from '../install.mjs'

const ASSETS = join(import.meta.dirname, '..', '..', 'assets')
const SOURCE = join(import.meta.dirname, 'node_modules', '@fontsource', 'bricolage-grotesque')

/** The program that takes letters out of a typeface. Its name is no literal, because the compiler runs where it isn't installed. */
const SUBSETTER: string = 'subset-font'

type Subset = (
  typeface: Buffer,
  letters: string,
  options: { targetFormat: 'woff2'; noLayoutClosure: boolean },
) => Promise<Buffer>

/** The typeface as the pinned package gives it. */
export async function subsetOfTypeface(): Promise<Buffer> {
  await install(import.meta.dirname, { what: 'what makes the typeface' })
  const { default: subset } = (await import(SUBSETTER)) as { default: Subset }
  const whole = readFileSync(join(SOURCE, 'files', 'bricolage-grotesque-latin-600-normal.woff2'))
  // Without the closure, ligatures and other forms of a letter stay out: 2 KB that no heading shows.
  return subset(whole, TYPEFACE_LETTERS, { targetFormat: 'woff2', noLayoutClosure: true })
}

if (import.meta.main) {
  writeFileSync(join(ASSETS, 'headings.woff2'), await subsetOfTypeface())
  copyFileSync(join(SOURCE, 'LICENSE'), join(ASSETS, 'headings-licence.txt'))
}
