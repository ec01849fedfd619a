// Spellings of a protected path, read by programs that are written here anew: whatever steps a proxy or an app takes, and in whichever order, no
// spelling of a path that a rule protects gets a rule for everyone.
import fc from 'fast-check'
import assert from 'node:assert/strict'

import { exhaustive, leaveToTestAll, test } from '#test/support/runner/scope.ts'
import { prepareRules, ruleFor } from './host-rule.ts'
import { SIGNED_IN_RULE } from './host.ts'

/** What a program may do to a path once, in any order; it decodes up to twice. */
const STEPS: readonly ((path: string) => string)[] = [
  decodedOnce,
  decodedOnce,
  (path) => path.split('\\').join('/'),
  (path) => path.replace(/\/+/g, '/'),
  (path) =>
    path
      .split('/')
      .map((segment) => segment.split(';')[0])
      .join('/'),
  withoutDots,
  (path) => path.toLowerCase(),
]
const MOST_STEPS = 5

function decodedOnce(path: string): string {
  return path.replace(/%[0-7][\da-f]/gi, (escape) => Buffer.from(escape.slice(1), 'hex').toString('latin1'))
}

/** As RFC 3986 §5.2.4 removes dot segments. */
function withoutDots(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/').slice(1)) {
    if (segment === '..') kept.pop()
    if (segment !== '..' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}`
}

/** Whether some program reads the path in a way of which this holds. */
function isReadAs(holds: (reading: string) => boolean, path: string, steps = STEPS, left = MOST_STEPS): boolean {
  if (holds(path)) return true
  if (left === 0) return false
  return steps.some((step, index) => {
    const reading = step(path)
    // What changes nothing leads to readings that are found without it.
    return reading !== path && isReadAs(holds, reading, steps.toSpliced(index, 1), left - 1)
  })
}

const isBelow = (prefix: string) => (path: string) => path === prefix || path.startsWith(`${prefix}/`)
const isAdmin = isBelow('/admin')
const isPublic = isBelow('/public')

const admin = { ...SIGNED_IN_RULE, path: '/admin', who: 'roles' as const, names: ['admin'] }
const everyone = { ...SIGNED_IN_RULE, who: 'everyone' as const }
/** Open but for one path, and closed but for one path. */
const OPEN = prepareRules([admin, { ...everyone, path: '/' }])
const CLOSED = prepareRules([{ ...everyone, path: '/public' }])

function isOpened(rules: typeof OPEN, path: string): boolean {
  const found = ruleFor(rules, { method: 'GET', path })
  return 'rule' in found && found.rule.who === 'everyone'
}

function assertProtected(path: string): void {
  assert.ok(!(isOpened(OPEN, path) && isReadAs(isAdmin, path)), `${path} is opened, and read as /admin`)
  const isElsewhere = (reading: string) => !isPublic(reading)
  assert.ok(!(isOpened(CLOSED, path) && isReadAs(isElsewhere, path)), `${path} is opened, and read elsewhere`)
}

/** What spellings are made of. */
const PIECES = [
  '/',
  'admin',
  'ADMIN',
  '%61dmin',
  '%2561dmin',
  'public',
  '.',
  '..',
  '%2e',
  '%252E',
  '%2f',
  '%252f',
  '\\',
  '%5C',
  ';',
  '%3b',
  'x',
]

function assertAllProtected(length: number, path = '/'): number {
  assertProtected(path)
  if (length === 0) return 1
  return PIECES.reduce((count, piece) => count + assertAllProtected(length - 1, path + piece), 1)
}

test('each spelling of three pieces that some program reads as a protected path is closed', () => {
  assert.equal(assertAllProtected(3), 1 + 17 + 17 ** 2 + 17 ** 3)
  // The programs do read something, and not everything is closed.
  assert.ok(isReadAs(isAdmin, '/public/%252e%2e/ADMIN;x'))
  assert.ok(isOpened(OPEN, '/x/%2561') && isOpened(CLOSED, '/public/a%2Fb'))
})

leaveToTestAll()

const spelling = fc
  .array(fc.constantFrom(...PIECES), { minLength: 4, maxLength: 10 })
  .map((pieces) => `/${pieces.join('')}`)

test('long spellings at random are closed where some program reads them as a protected path', () => {
  fc.assert(fc.property(spelling, assertProtected), { seed: 1, numRuns: 5_000 })
})

exhaustive('each spelling of four pieces, and long ones at random, is closed', async () => {
  assert.equal(assertAllProtected(4), 1 + 17 + 17 ** 2 + 17 ** 3 + 17 ** 4)
  fc.assert(fc.property(spelling, assertProtected), { numRuns: 100_000 })
})
