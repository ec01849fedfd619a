// Which tests reach a changed file: by what they import or read, by the feature in their name, or because they cross all features.
import { matchesGlob, posix } from 'node:path'

import { pathOfImport } from '../sources/imports.ts'
import {
  ALSO_NAMED,
  CHANGES_EVERYTHING,
  COMPOSITION_ROOTS,
  CROSSES_ALL_FEATURES,
  NAMED_FOR_FEATURES,
} from './changed-rules.ts'

/** Why a test counts; the first reason that holds is the one that is given. */
export const REASONS = ['everything', 'itself', 'imports', 'reads', 'feature', 'crosses'] as const
export type Reason = (typeof REASONS)[number]

export interface Reached {
  /** The tests that count, with the reason of each. */
  readonly tests: ReadonlyMap<string, Reason>
  /** The features of changed files for which a test counts. */
  readonly features: readonly string[]
  /** The changed files that no test reaches. */
  readonly unreached: readonly string[]
}

/** Returns the text of a file by its path, or an empty one where there is no such file. All paths are relative to the project's folder. */
export type TextOf = (file: string) => string

const SOURCE = /\.[cm]?[jt]s$/
const PROGRAM = /^src\/(?!.*\.test\.ts$)/
/** Imports at run time, dynamic ones and workers among them. An `import type` loads nothing, so it changes no result. */
const IMPORT =
  /(?:\b(?:import|export)\s+(?!type\b)(?:[^'"();=]*?\sfrom\s*)?|\bimport\s*\(\s*|\bnew URL\(\s*)(['"])((?:\.{1,2}\/|#)[^'"\n]+)\1/g
/** A script that a test starts by its path: what it imports counts as if the test imported it. */
const STARTED = /^scripts\/[\w/-]+\.m?[jt]s$/
const QUOTED = /(['"])([\w.*{},/-]+)\1/g

export function testsReaching(changed: readonly string[], tests: readonly string[], textOf: TextOf): Reached {
  if (changed.some((file) => CHANGES_EVERYTHING.some((pattern) => pattern.test(file))))
    return { tests: new Map(tests.map((test) => [test, 'everything'])), features: [], unreached: [] }
  const reach = new Reach(textOf)
  const found = tests.map((test) => ({
    test,
    causes: changed.map((file) => ({ file, reason: reach.why(test, file) })),
  }))
  const all = found.flatMap(({ causes }) => causes).filter(({ reason }) => reason !== undefined)
  const chosen = found.flatMap(({ test, causes }) => {
    const reason = REASONS.find((one) => causes.some((cause) => cause.reason === one))
    return reason === undefined ? [] : [[test, reason] as const]
  })
  const byFeature = all.filter(({ reason }) => reason === 'feature').map(({ file }) => featureOf(file))
  return {
    tests: new Map(chosen),
    features: [...new Set(byFeature)].toSorted(),
    unreached: changed.filter((file) => !all.some((cause) => cause.file === file)),
  }
}

class Reach {
  readonly #textOf: TextOf
  readonly #reached = new Map<string, ReadonlySet<string>>()
  readonly #imports = new Map<string, readonly string[]>()
  readonly #quoted = new Map<string, readonly string[]>()
  readonly #outside = new Map<string, readonly string[]>()
  /** By the paths of a file and of a changed one, whether the former names the latter. */
  readonly #names = new Map<string, boolean>()

  constructor(textOf: TextOf) {
    this.#textOf = textOf
  }

  why(test: string, changed: string): Reason | undefined {
    if (test === changed) return 'itself'
    if (this.#from(test).has(changed)) return 'imports'
    if (this.#reads(test, changed)) return 'reads'
    if (!PROGRAM.test(changed)) return undefined
    if (isNamedFor(test, featureOf(changed))) return 'feature'
    return Object.hasOwn(CROSSES_ALL_FEATURES, test) ? 'crosses' : undefined
  }

  /** A test and what it imports, directly or not; a composition root is reached, and what it gathers is not. */
  #from(test: string): ReadonlySet<string> {
    const known = this.#reached.get(test)
    if (known !== undefined) return known
    const reached = new Set([test])
    for (const file of reached) for (const imported of this.#importsOf(file)) reached.add(imported)
    this.#reached.set(test, reached)
    return reached
  }

  #importsOf(file: string): readonly string[] {
    if (Object.hasOwn(COMPOSITION_ROOTS, file) || !SOURCE.test(file)) return []
    const known = this.#imports.get(file)
    if (known !== undefined) return known
    const isFixture = file.startsWith('test/support/') && !file.endsWith('.test.ts')
    const counts = (path: string): boolean =>
      !isFixture || !path.startsWith('src/') || Object.hasOwn(COMPOSITION_ROOTS, path)
    const started = this.#quotedIn(file).filter((text) => STARTED.test(text))
    const imports = [...importsIn(file, this.#textOf(file)), ...(PROGRAM.test(file) ? [] : started)].filter(counts)
    this.#imports.set(file, imports)
    return imports
  }

  /**
   * Whether a test, or what it imports outside of src, names a file that is not imported: a page, a style sheet, a script that is started.
   * What lies beside a test, such as its snapshot, is read by it; what a browser loads is read by the tests in a browser.
   */
  #reads(test: string, changed: string): boolean {
    const isSource = SOURCE.test(changed)
    if (isSource && /^(?:src|test\/(?!support\/))/.test(changed)) return false
    if (changed.startsWith('assets/') && test.startsWith('test/browser/')) return true
    if (changed.endsWith('.snapshot')) return `${test}.snapshot` === changed
    if (!isSource && /^(?:src|test)\//.test(changed) && posix.dirname(changed) === posix.dirname(test)) return true
    return this.#outsideOfSrc(test).some((file) => this.#namesIt(file, changed))
  }

  #outsideOfSrc(test: string): readonly string[] {
    const known = this.#outside.get(test) ?? [...this.#from(test)].filter((file) => !PROGRAM.test(file))
    this.#outside.set(test, known)
    return known
  }

  #namesIt(file: string, changed: string): boolean {
    const key = `${file} ${changed}`
    const known = this.#names.get(key) ?? this.#quotedIn(file).some((text) => names(text, changed))
    this.#names.set(key, known)
    return known
  }

  #quotedIn(file: string): readonly string[] {
    const known = this.#quoted.get(file)
    if (known !== undefined) return known
    const quoted = [...new Set([...this.#textOf(file).matchAll(QUOTED)].map(([, , text = '']) => text))]
    this.#quoted.set(file, quoted)
    return quoted
  }
}

/** The paths that a source imports at run time, those of workers among them; packages are left out. */
export function importsIn(file: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].map(([, , path = '']) => pathOfImport(file, path))
}

/** Whether a quoted text is the path of a file, the end of it, a pattern that covers it, or the folder of the project that holds it. */
function names(text: string, file: string): boolean {
  if (text === file || (text.includes('.') && file.endsWith(`/${text.replace(/^(?:\.{1,2}\/)+/, '')}`))) return true
  if (text.includes('*')) return /\w/.test(text) && matchesGlob(file, text)
  // A script is started by its path; a folder of them is named where no test of it is meant.
  if (SOURCE.test(file)) return false
  const [folder = '', below = ''] = file.split('/')
  return text === (folder === 'test' ? below : folder) && text !== file && folder !== 'src'
}

/** The feature of a file of the program: its folder, for commands the whole command line; for texts and error codes their own name. */
export function featureOf(file: string): string {
  if (file.startsWith('src/entry/cli/')) return 'cli'
  const [, area] =
    /^src\/foundation\/(?:texts\/\w+|kernel\/refusals)\/([\w-]+?)(?:-mails|-findings)?\.ts$/.exec(file) ?? []
  return area ?? posix.basename(posix.dirname(file))
}

/** Whether the words of a feature stand in the name of a test file, in singular or plural. */
export function isNamedFor(test: string, feature: string): boolean {
  if (!NAMED_FOR_FEATURES.some((folder) => test.startsWith(folder))) return false
  const words = wordsOf(posix.basename(test, '.test.ts'))
  const [also = []] = ALSO_NAMED[feature] ?? []
  return [feature, ...also].some((name) => wordsOf(name).every((word) => words.includes(word)))
}

function wordsOf(name: string): string[] {
  return name.split('-').map((word) => word.replace(/ies$/, 'y').replace(/(?<=\w{2}[^s])s$/, ''))
}
