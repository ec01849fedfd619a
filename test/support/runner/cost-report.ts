// What a run of tests has cost, compared with test/cost.json, which records it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import { growthOf, renewed, sentenceOf, summaryOf, textOf } from './ledger.ts'
import type { Cost, Ledger } from './ledger.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const RECORDED = join(ROOT, 'test', 'cost.json')
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

/** Prints what a whole run has cost, or records it. Returns sentences that fail the run: in CI, where it cost much more than recorded. */
export function costFaults(run: CountedRun): string[] {
  if (run.records) recordCosts(run)
  if (run.records || !run.isWhole) return []
  const [recorded, counted] = [recordedCosts(), countedCosts(run)]
  process.stdout.write(`${summaryOf(recorded, counted)}\n`)
  const sentences = growthOf(recorded, counted).map(sentenceOf)
  if (sentences.length === 0) return []
  if (process.env.CI) return [...sentences, RENEWS]
  process.stdout.write(`${[...sentences, RENEWS].join('\n')}\n`)
  return []
}

/** Only a whole run shows which files are gone. */
function recordCosts(run: CountedRun): void {
  const counted = countedCosts(run)
  const ledger = run.isWhole ? counted : renewed(recordedCosts(), run.files, counted)
  writeFileSync(RECORDED, textOf(ledger))
  process.stdout.write(`${summaryOf(ledger, ledger)} Recorded in test/cost.json.\n`)
}

function recordedCosts(): Ledger {
  return JSON.parse(readFileSync(RECORDED, 'utf8')) as Ledger
}

/** Leaves out what the processes of tests' servers noted, which are no test files: their tests count what they ask of them. */
function countedCosts({ files, noted }: CountedRun): Ledger {
  const lines = existsSync(noted) ? readFileSync(noted, 'utf8').split('\n').filter(Boolean) : []
  const costs = lines.map((line) => JSON.parse(line) as [file: string, cost: Cost])
  return Object.fromEntries(
    costs.map(([file, cost]) => [relative(ROOT, file), cost] as const).filter(([file]) => files.includes(file)),
  )
}
