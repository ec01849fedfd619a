// The SQL of every query, recorded for reviews: sqlite.sql and postgres.sql.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'

import { type Database, withEngine } from '#foundation/platform/database/database.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { USER_COLUMNS } from '#foundation/platform/database/user-columns.ts'
import { newStore } from '../support/databases/stores.ts'
import { type Call, QUERY_CALLS } from './calls.ts'
import { OWNER } from './values.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** Exports of query files that are parts of statements. */
const PARTS = new Set([
  'anyOf',
  'distinguishedByPlan',
  'distinguishedByPolicies',
  'usersOfPlan',
  'endsAfter',
  'anyPolicyApplies',
  'policyApplies',
  'forShare',
  'forUpdate',
  'inStatus',
  'isContradicted',
  'isEnabled',
  'isInScope',
  'hasNotEnded',
  'isLacking',
  'isStopped',
  'isStoppedWith',
  'reasonOf',
  'stateOf',
  'both',
  'isSearchable',
  'matchingUserIds',
  'userHoldsTerm',
  'usersFound',
  'usersInGroup',
  'isInGroup',
  'holds',
])

const ROLE = '(select "role"."permissions" from "role" where "role"."name" = "users"."role") as "rolePermissions"'
const USER = USER_COLUMNS.map((column) =>
  typeof column !== 'string' ? ROLE : column.replace(/^(\w+)\.(\w+) as (\w+)$/, '"$1"."$2" as "$3"'),
)

const HEADING = `-- Every statement, made by the tests from test/sql/calls.ts.
-- After a change that is meant: npm test -- --test-update-snapshots test/sql

-- USER_COLUMNS:
${USER.map((column) => `--   ${column}\n`).join('')}`

for (const engine of ['sqlite', 'postgres'] as const) {
  test(`the SQL of every query is the one that was reviewed (${engine})`, async (t) => {
    const file = join(import.meta.dirname, `${engine}.sql`)
    const text = await sqlOf(t, engine)
    try {
      t.assert.fileSnapshot(text, file, { serializers: [String] })
    } catch {
      // The test runner would print both files in full.
      assert.fail(`${engine}.sql is not what the queries say now:\n${differences(readFileSync(file, 'utf8'), text)}`)
    }
  })
}

test('every query is called', async () => {
  const files = globSync('src/**/*.{queries,view}.ts', { cwd: ROOT })
  for (const file of [...files, ...Object.keys(QUERY_CALLS)]) {
    const module = (await import(join(ROOT, file))) as Record<string, unknown>
    const exported = Object.keys(module).filter((name) => typeof module[name] === 'function' && !PARTS.has(name))
    assert.deepEqual(Object.keys(QUERY_CALLS[file] ?? {}).toSorted(), exported.toSorted(), file)
  }
})

/** The lines that only one of the texts has. */
function differences(reviewed: string, current: string): string {
  const [before, now] = [reviewed, current].map((text) => text.split('\n')) as [string[], string[]]
  const gone = before.filter((line) => !now.includes(line)).map((line) => `- ${line}`)
  const come = now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)
  return [...new Set([...gone, ...come])].join('\n') || 'The same lines stand in another order.'
}

/** All statements on that engine; each is run against real tables, so that the engine checks its syntax and columns. */
async function sqlOf(t: TestContext, engine: Dialect): Promise<string> {
  const heard: string[] = []
  const store = await newStore(t, engine)
  const db = await store.open({ onStatement: (statement) => void heard.push(statement) })
  await db
    .insertInto('users')
    .values({ ...OWNER, disabled: 0 })
    .execute()
  const blocks: string[] = [HEADING]
  for (const [file, functions] of Object.entries(QUERY_CALLS)) {
    blocks.push(`\n-- ${file}\n`)
    for (const [name, calls] of Object.entries(functions)) {
      const statements = await statementsOf(db, heard, [calls].flat())
      blocks.push(`\n-- ${name}\n`, ...(statements.length === 0 ? ['-- nothing to ask\n'] : statements))
    }
  }
  return blocks.join('')
}

/** The distinct statements of these calls. */
async function statementsOf(db: Database, heard: string[], calls: readonly Call[]): Promise<string[]> {
  const statements = new Set<string>()
  for (const call of calls) {
    for (const statement of await statementsIn(db, heard, call)) statements.add(shown(statement))
  }
  return [...statements]
}

function shown(statement: string): string {
  return `${inLines(statement.replaceAll(USER.join(', '), 'USER_COLUMNS'))};\n`
}

/** The statements of one call inside a transaction, which is then rolled back. */
async function statementsIn(db: Database, heard: string[], call: Call): Promise<string[]> {
  const trx = await db.startTransaction().execute()
  heard.length = 0
  try {
    await call(withEngine(trx, db))
    return [...heard]
  } finally {
    await trx.rollback().execute()
  }
}

/** Keywords that begin a new line outside of parentheses and quotes. */
const CLAUSE =
  /(?<!^delete )(?<!\b(?:inner|left|do) )(?:from|where|and|(?:inner |left )?join|group by|order by|limit|set|values|on conflict|returning|update)\b/y

/** Formats a statement with a line for each clause, so that a changed clause is a changed line. */
function inLines(statement: string): string {
  const text = statement.trim().replaceAll(/\s+/g, ' ')
  let depth = 0
  let quote: string | undefined
  let lines = ''
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    CLAUSE.lastIndex = index
    const begins = depth === 0 && quote === undefined && lines.endsWith(' ') && CLAUSE.test(text)
    if (begins) lines = `${lines.trimEnd()}\n  `
    lines += character
    if (quote === undefined && (character === '"' || character === "'")) quote = character
    else if (character === quote) quote = undefined
    if (quote === undefined && character === '(') depth += 1
    if (quote === undefined && character === ')') depth -= 1
  }
  return lines
}
