// Which entry of a sign-in goes through which gate, held to the table of ARCHITECTURE.md.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readPage } from './support/documentation/markdown.ts'
import { readCallGraph, reachedFrom } from './support/sources/call-graph.ts'

const GRAPH = readCallGraph()

/** The functions that make each gate, by the column of the table. */
const GATES: Readonly<Record<string, readonly string[]>> = {
  Throttle: ['domain/throttle/throttle.service.ts consumeGuess', 'domain/throttle/guess.service.ts limitRequestRate'],
  Expiry: ['domain/users/account-expiry.service.ts isShutOut', 'domain/users/account-expiry.service.ts whyShutOut'],
  Review: ['domain/attempts/attempt.service.ts holdForReview'],
  Policy: [
    'domain/attempts/policy-step.service.ts stepByPolicy',
    'domain/policies/enough.ts afterFactors',
    'domain/attempts/allowed-factors.service.ts requireAllowed',
    'use-cases/sign-in/sign-in.ts nextSignInStep',
  ],
  'Remembered device': ['domain/remembered-devices/remembered-device.service.ts useRememberedDevice'],
  Enrolment: ['domain/attempts/attempt.service.ts openAttempt', 'domain/attempts/attempt.service.ts holdForEnrolment'],
}
const ALL_GATES = Object.values(GATES).flat()

/** The check of the principal in the transaction of a change, which is the same for every change and asks nothing of a sign-in. */
const OF_EVERY_CHANGE = /^domain\/authorization\//

const IN_SIGN_IN = ['domain/attempts/attempt.service.ts finishSignIn', 'domain/attempts/attempt.service.ts openAttempt']

test('the gates are functions of src', () => {
  assert.ok(GRAPH.size > 3000, `${GRAPH.size} functions were found`)
  for (const name of [...ALL_GATES, ...IN_SIGN_IN]) assert.ok(GRAPH.has(name), `${name} is not in src`)
})

test('ARCHITECTURE.md shows each entry of a sign-in with the functions that ask each gate', () => {
  const shown = tableBelow('The gates of a sign-in')
  assert.deepEqual(shown[0], ['Entry', ...Object.keys(GATES)])
  const rows = new Map(shown.slice(2).map(([entry = '', ...cells]) => [/`(\w+)`/.exec(entry)?.[1] ?? entry, cells]))
  const expected = new Map(entries().map((entry) => [nameOf(entry), Object.values(GATES).map(cellOf(entry))]))
  assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(expected))
})

/** What routes and pages call to begin, go on with or finish a sign-in. */
function entries(): string[] {
  const isEntryPoint = (name: string): boolean => /\.(?:routes|pages)\.ts /.test(name)
  const called = [...GRAPH].filter(([name]) => isEntryPoint(name)).flatMap(([, named]) => [...named])
  const services = [...new Set(called)].filter((name) => !isEntryPoint(name))
  return services.filter((name) => IN_SIGN_IN.some((one) => reached(name).has(one)))
}

function reached(entry: string): Set<string> {
  const graph = new Map([...GRAPH].filter(([name]) => !OF_EVERY_CHANGE.test(name)))
  return reachedFrom(graph, [entry])
}

/** The functions that ask the gate when the entry runs, by name; a dash where none does. */
function cellOf(entry: string): (gate: readonly string[]) => string {
  const asking = [...reached(entry)].filter((name) => !ALL_GATES.includes(name))
  return (gate) => {
    const names = asking.filter((name) => gate.some((one) => GRAPH.get(name)?.has(one)))
    return (
      names
        .map((name) => `\`${nameOf(name)}\``)
        .toSorted()
        .join(' ') || '–'
    )
  }
}

function nameOf(name: string): string {
  return name.split(' ')[1] ?? ''
}

function tableBelow(heading: string): string[][] {
  const [, below = ''] = readPage('ARCHITECTURE.md').text.split(`\n## ${heading}\n`)
  const lines = (below.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('|'))
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}
