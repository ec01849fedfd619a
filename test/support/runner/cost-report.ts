// What a run of tests has cost, compared with test/cost.json, which records it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { type Cost, growthOf, type Ledger, renewed, sentenceOf, summaryOf, textOf } from './ledger.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const RECORDED = join(ROOT, 'test', 'cost.json')
/** Files whose requests are not counted, because they vary from run to run: a seed or a moment is random, or a test asks until an answer changes. */
const VARYING = [
  'test/attacks/crash-recovery.test.ts',
  'test/attacks/ended-sessions.test.ts',
  'test/attacks/fuzz.test.ts',
]
const RENEWS = 'If that is worth it, record it: npm run test:cost'

export interface CountedRun {
  /** The test files that ran, relative to the project's folder. */
  readonly files: readonly string[]
  /** Whether these are all files of `npm test`, with all their tests. */
  readonly isWhole: boolean
  /** Whether test/cost.json is renewed. */
  readonly records: boolean
  /** The path of the file in which the test processes noted what they counted. */
  readonly noted: string
}

/** `faults` fail the run. */
export interface CheckedCosts {
  readonly said: string
  readonly faults: readonly string[]
}

/** Compares the costs of a whole run with the recorded ones, or records those of any run. Only in CI is a far higher cost a fault. */
export function checkedCosts(
  run: CountedRun,
  { path = RECORDED, isCi = Boolean(process.env.CI) }: { path?: string; isCi?: boolean } = {},
): CheckedCosts {
  if (run.records) return { said: recordCosts(run, path), faults: [] }
  if (!run.isWhole) return { said: '', faults: [] }
  const [recorded, counted] = [recordedCosts(path), countedCosts(run)]
  const summary = summaryOf(recorded, counted)
  const sentences = growthOf(recorded, counted).map(sentenceOf)
  const complaints = sentences.length === 0 ? [] : [...sentences, RENEWS]
  return { said: [summary, ...(isCi ? [] : complaints), ''].join('\n'), faults: isCi ? complaints : [] }
}

/** Only a whole run shows which files are gone. */
function recordCosts(run: CountedRun, path: string): string {
  const counted = countedCosts(run)
  const ledger = run.isWhole ? counted : renewed(recordedCosts(path), run.files, counted)
  writeFileSync(path, textOf(ledger))
  return `${summaryOf(ledger, ledger)} Recorded in test/cost.json.\n`
}

function recordedCosts(path: string): Ledger {
  return JSON.parse(readFileSync(path, 'utf8')) as Ledger
}

/** Leaves out what the processes of tests' servers noted, which are no test files: their tests count what they ask of them. */
function countedCosts({ files, noted }: CountedRun): Ledger {
  const lines = existsSync(noted) ? readFileSync(noted, 'utf8').split('\n').filter(Boolean) : []
  const costs = lines.map((line) => JSON.parse(line) as [file: string, cost: Cost])
  return Object.fromEntries(
    costs
      .map(([file, cost]) => [relative(ROOT, file), cost] as const)
      .filter(([file]) => files.includes(file))
      .map(([file, { requests = 0, ...cost }]) => [
        file,
        requests === 0 || VARYING.includes(file) ? cost : { ...cost, requests },
      ]),
  )
}
