// Writes the documents that are made from the code. With --check it writes nothing and fails if one is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { cliPage } from '../src/entry/cli/reference-page.ts'
import { configurationPage } from '../src/foundation/platform/config/manual.ts'
import { originPage } from '../test/contract/origin-page.ts'
import { errorCodesPage } from './error-codes-page.ts'

type GeneratedDocument = { path: string; generate: () => string | Promise<string> }

const documents: GeneratedDocument[] = [
  { path: 'docs/cli.md', generate: cliPage },
  { path: 'docs/configuration.md', generate: configurationPage },
  { path: 'docs/error-codes.md', generate: errorCodesPage },
  { path: 'docs/origin.md', generate: originPage },
]

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

for (const { path, generate } of documents) {
  const generated = await generate()
  if (committedText(path) === generated) continue
  if (check) {
    process.stderr.write(`${path} is stale: run \`npm run docs\` and commit the result.\n`)
    process.exitCode = 1
  } else {
    writeFileSync(join(root, path), generated)
    process.stdout.write(`wrote ${path}\n`)
  }
}

function committedText(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch {
    return undefined
  }
}
