// Writes the documents that are made from the code. With --check it writes nothing and fails if one is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { cliPage } from '#entry/cli/reference-page.ts'
import { configurationPage } from '#foundation/platform/config/manual.ts'
import { originPage } from '#test/contract/origin-page.ts'
import { asvsPage } from './asvs-page.ts'
import { conformancePage } from './conformance-page.ts'
import { errorCodesPage } from './error-codes-page.ts'
import { eventsPage } from './events-page.ts'
import { galleryPage } from './gallery.ts'
import { presetsPage } from './presets-page.ts'
import { routesPage } from './routes-page.ts'

const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/app-presets.md': presetsPage,
  'docs/asvs.md': asvsPage,
  'docs/cli.md': cliPage,
  'docs/configuration.md': configurationPage,
  'docs/conformance.md': conformancePage,
  'docs/error-codes.md': errorCodesPage,
  'docs/events.md': eventsPage,
  'docs/gallery.md': galleryPage,
  'docs/origin.md': originPage,
  'docs/routes.md': routesPage,
}

const check = process.argv.includes('--check')

for (const [path, generate] of Object.entries(DOCUMENTS)) {
  const generated = await generate()
  const file = join(import.meta.dirname, '..', path)
  if (existsSync(file) && readFileSync(file, 'utf8') === generated) continue
  if (check) {
    process.stderr.write(`${path} is stale: run \`npm run docs\` and commit the result.\n`)
    process.exitCode = 1
  } else {
    writeFileSync(file, generated)
    process.stdout.write(`wrote ${path}\n`)
  }
}
