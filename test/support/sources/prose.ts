// The English that people read: sentences of the catalogue, texts in the sources outside it, and the pages of docs/.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { texts } from '#foundation/texts/texts.ts'
import { everySentence } from '#test/support/pages/catalogue-sentences.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')

export interface Passage {
  /** The path of a sentence in the catalogue, or file and line. */
  readonly position: string
  readonly text: string
}

/** Every sentence of pages, mails and refusals. */
export function catalogueSentences(): Passage[] {
  return everySentence(texts('en')).map(({ path, said }) => ({ position: path, text: said }))
}

const TEXT_IN_CODE = /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g

/** Texts of two words and more in the sources outside the catalogue: of the command line, the API, settings and the log. */
export function textsInSources(): Passage[] {
  return globSync('src/**/*.ts', { cwd: ROOT })
    .filter((file) => !file.endsWith('.test.ts') && !file.includes(join('foundation', 'texts')))
    .flatMap((file) => passagesOf(file, withoutComments(readFileSync(join(ROOT, file), 'utf8'))))
}

function withoutComments(source: string): string {
  return source.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '')
}

function passagesOf(file: string, source: string): Passage[] {
  return [...source.matchAll(TEXT_IN_CODE)]
    .filter(([text]) => /[a-z,.] [a-z]/.test(text))
    .map(({ 0: text, index }) => ({ position: `${file}:${source.slice(0, index).split('\n').length}`, text }))
}

const NO_PROSE = /`[^`]*`|\]\([^)]*\)|https?:\/\/\S+|<[^>]*>/g

/** The lines of the pages for people, without code, URLs and markup. */
export function lines(...patterns: readonly string[]): Passage[] {
  return globSync(patterns, { cwd: ROOT }).flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/^```.*?^```/gms, (block) =>
      block.replaceAll(/[^\n]/g, ''),
    )
    return text
      .split('\n')
      .map((line, index) => ({ position: `${file}:${index + 1}`, text: line.replaceAll(NO_PROSE, ' ') }))
  })
}
