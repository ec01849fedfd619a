// Reads the titles of the tests of a file from its source, without running it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { ROOT } from './markdown.ts'

const TEXT = String.raw`(['"\`])((?:\\.|(?!\1)[^\\])*)\1`
const DEFINES_TEST = String.raw`\b(?:test|suite|exhaustive|on(?:Each|Either)Database|onBothEngines|triedInTurn|raceOnEachDatabase|interleaveOnEachDatabase)\(\s*`
const TITLES = new RegExp(DEFINES_TEST + TEXT, 'gs')
const NAMED_TITLES = new RegExp(`${DEFINES_TEST}([A-Z_]+)\\b`, 'g')
const CONSTANTS = new RegExp(String.raw`^const ([A-Z_]+) =\s*${TEXT.replaceAll('\\1', '\\2')}$`, 'gms')

/** The titles of the tests of a file, as they are printed; `…` stands for what a title takes from a table. */
export function testTitlesIn(file: string): Set<string> {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const constants = new Map([...source.matchAll(CONSTANTS)].map(([, name = '', , text = '']) => [name, text]))
  const named = [...source.matchAll(NAMED_TITLES)].map(([, name = '']) => constants.get(name) ?? '')
  const written = [...source.matchAll(TITLES)].map(([, , title = '']) => title)
  return new Set([...named, ...written].map((title) => asPrinted(title, constants)))
}

function asPrinted(title: string, constants: ReadonlyMap<string, string>): string {
  return title
    .replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => constants.get(name) ?? '…')
    .replaceAll(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, '…')
    .replaceAll(/\\(.)/g, '$1')
}
