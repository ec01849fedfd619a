// Which entry of a sign-in goes through which gate, held to the table of ARCHITECTURE.md.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { readPage } from './support/documentation/markdown.ts'
import { reachedFrom, readCallGraph, reversed } from './support/sources/call-graph.ts'

const GRAPH = readCallGraph()

/** The functions that make each gate, by the column of the table. */
const GATES: Readonly<Record<string, readonly string[]>> = {
  Throttle: ['consumeGuess', 'limitRequestRate'].map(functionNamed),
  Expiry: ['isShutOut', 'whyShutOut'].map(functionNamed),
  Review: ['holdForReview'].map(functionNamed),
  Policy: ['stepByPolicy', 'stepAfterFactors', 'allowed-factors.service.ts requireAllowed', 'nextSignInStep'].map(
    functionNamed,
  ),
  'Remembered device': ['useRememberedDevice'].map(functionNamed),
  Enrolment: ['openAttempt', 'holdForEnrolment'].map(functionNamed),
}
const ALL_GATES = Object.values(GATES).flat()

/**
 * Without the check of the principal inside a change, which is the same for every change and asks nothing of a sign-in, and without what a new
 * session does with the former one of the browser, of whose user it asks.
 */
const OTHER_USERS = ['domain/authorization/', 'domain/attempts/former-session.service.ts ']
const OF_SIGN_IN = new Map([...GRAPH].filter(([name]) => !OTHER_USERS.some((part) => name.startsWith(part))))

const IN_SIGN_IN = ['finishSignIn', 'openAttempt'].map(functionNamed)

/** The only function of that name; where several files have one, the file stands before the name. */
function functionNamed(name: string): string {
  const found = [...GRAPH.keys()].filter((one) => one.endsWith(` ${name}`) || one.endsWith(`/${name}`))
  assert.equal(found.length, 1, `${name}: ${found.join(', ')}`)
  return found[0] ?? ''
}

test('ARCHITECTURE.md shows each entry of a sign-in with the functions that ask each gate', () => {
  assert.ok(GRAPH.size > 3000, `${GRAPH.size} functions were found`)
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
  const leading = reachedFrom(reversed(OF_SIGN_IN), IN_SIGN_IN)
  return services.filter((name) => leading.has(name))
}

/** The functions that ask the gate when the entry runs, by name; a dash where none does. */
function cellOf(entry: string): (gate: readonly string[]) => string {
  const asking = [...reachedFrom(OF_SIGN_IN, [entry])].filter((name) => !ALL_GATES.includes(name))
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
