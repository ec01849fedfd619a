import { knownKeys } from '#foundation/platform/crypto/keyring.ts'
import { databaseFacts } from '#foundation/platform/database/database-facts.ts'
import type { Database } from '#foundation/platform/database/database.ts'
import { schemaStatus } from '#foundation/platform/database/schema-status.ts'
import { takeOverLines } from '../start/legacy-upgrade.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import {
  databaseLocation,
  type Invocation,
  invocationOf,
  openForCommand,
  withDatabase,
} from '../terminal/invocation.ts'
import { printFields } from '../terminal/list.ts'

const STATES = {
  current: 'up to date',
  behind: 'older than this program',
  ahead: 'newer than this program, but still usable',
  'too-new': 'too new for this program',
  empty: 'no tables yet',
  origin: 'legacy database, not upgraded yet',
  foreign: 'belongs to another program',
} as const

export function addDb(program: CliCommand): void {
  const db = program.command('db').description('inspect and migrate the database')
  db.command('status')
    .description('show the state of the database; changes nothing')
    .withExamples('db status', 'db status --json')
    .action((_flags: object, command: CliCommand) => status(invocationOf(command)))
  db.command('migrate')
    .description('create the schema, upgrade a legacy database in place, or run pending migrations')
    .withExamples('db migrate', 'db migrate --database-url postgres://doorward@db.internal/doorward')
    .action((_flags: object, command: CliCommand) => migrateNow(invocationOf(command)))
}

async function status(invocation: Invocation): Promise<void> {
  const { out, loaded, command } = invocation
  const { engine, schema, version, keys, size, users } = await withDatabase(invocation, stateOf)
  const { state, wanted } = schema
  const location = databaseLocation(loaded)
  if (out.form === 'json')
    return out.json({ engine, place: location, state, schema: version, wanted, users, size, keys })
  printFields(out, [
    ['engine', engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
    ['place', location],
    ['state', STATES[state]],
    ['schema', `${version ?? 'none'} (this program needs ${wanted})`],
    ['users', String(users)],
    ['size', `${(size / 1024 / 1024).toFixed(1)} MiB`],
    ['keys', keys.join(', ') || 'none'],
  ])
  if ('reason' in schema) out.warn(schema.reason)
  if (['empty', 'origin', 'behind'].includes(state)) out.say(`Next: ${command('db migrate')}`)
}

async function stateOf(db: Database) {
  const schema = await schemaStatus(db)
  const version = 'version' in schema ? schema.version : null
  const keys = version === null ? [] : (await knownKeys(db)).map(({ id }) => id)
  return { engine: db.dialect, schema, version, keys, ...(await databaseFacts(db)) }
}

async function migrateNow({ out, loaded }: Invocation): Promise<void> {
  await using doorward = await openForCommand(loaded.config, {
    createDatabase: true,
    onMigrationWait: () => out.say('Another process is migrating this database. Waiting …'),
  })
  const { from, to, created, upgradedLegacy: adopted, sealed, inBackground, scrubbed, ...report } = doorward.report
  if (out.form === 'json') {
    const rows = { sealed, in_background: inBackground, scrubbed }
    return out.json({ from, to, created, adopted, ...rows, copied_to: report.copiedTo ?? null, notes: report.notes })
  }
  out.done(`${from === to ? 'Up to date' : 'Brought up to date'}: schema ${to} in ${databaseLocation(loaded)}`)
  for (const line of await takeOverLines({ doorward, loaded })) out.warn(`  ${line}`)
}
