import { openApplication } from '../../boot.ts'
import { databaseFacts } from '../../../foundation/platform/database/database-facts.ts'
import type { Database } from '../../../foundation/platform/database/database.ts'
import { schemaStatus } from '../../../foundation/platform/database/schema-status.ts'
import { knownKeys } from '../../../foundation/platform/crypto/keyring.ts'
import { newLogger } from '../../../foundation/platform/logging/logger.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { invocationOf, databaseLocation, withDatabase } from '../terminal/invocation.ts'
import type { Invocation } from '../terminal/invocation.ts'
import { printFields } from '../terminal/list.ts'
import { takeOverLines } from './legacy-upgrade.ts'

const STATES = {
  current: 'up to date',
  behind: 'older than this program',
  ahead: 'newer than this program, which can still use it',
  'too-new': 'too new for this program',
  empty: 'no tables yet',
  origin: 'legacy database, not upgraded yet',
  foreign: 'of another program',
} as const

export function addDb(program: CliCommand): void {
  const db = program.command('db').description('the database')
  db.command('status')
    .description('show the state of the database without changing it')
    .withExamples('db status', 'db status --json')
    .action((_flags: object, command: CliCommand) => {
      const invocation = invocationOf(command)
      return withDatabase(invocation, (database) => status(invocation, database))
    })
  db.command('migrate')
    .description('create the schema, upgrade a legacy database in place, or run pending migrations')
    .withExamples('db migrate', 'db migrate --database-url postgres://doorward@db.internal/doorward')
    .action((_flags: object, command: CliCommand) => migrateNow(invocationOf(command)))
}

async function status({ out, loaded, command }: Invocation, db: Database): Promise<void> {
  const schema = await schemaStatus(db)
  const version = 'version' in schema ? schema.version : null
  const keys = version === null ? [] : (await knownKeys(db)).map(({ id }) => id)
  const { size, users } = await databaseFacts(db)
  const facts = {
    engine: db.dialect,
    place: databaseLocation(loaded),
    state: schema.state,
    schema: version,
    wanted: schema.wanted,
  }
  if (out.form === 'json') return out.json({ ...facts, users, size, keys })
  printFields(out, [
    ['engine', facts.engine === 'sqlite' ? 'SQLite' : 'PostgreSQL'],
    ['place', facts.place],
    ['state', STATES[schema.state]],
    [
      'schema',
      version === null
        ? `none (this program needs ${schema.wanted})`
        : `${version} (this program needs ${schema.wanted})`,
    ],
    ['users', String(users)],
    ['size', `${(size / 1024 / 1024).toFixed(1)} MiB`],
    ['keys', keys.join(', ') || 'none'],
  ])
  if ('reason' in schema) out.warn(schema.reason)
  if (['empty', 'origin', 'behind'].includes(schema.state)) out.say(`Next: ${command('db migrate')}`)
}

async function migrateNow({ out, loaded }: Invocation): Promise<void> {
  const { config } = loaded
  const doorward = await openApplication(config, {
    createDatabase: true,
    log: newLogger(config, process.stderr),
    onMigrationWait: () => out.say('Another process is migrating this database; waiting for it …'),
  })
  try {
    const {
      from,
      to,
      created,
      upgradedLegacy,
      sealed,
      inBackground,
      scrubbed,
      copiedTo = null,
      notes,
    } = doorward.report
    if (out.form === 'json') {
      const rows = { sealed, in_background: inBackground, scrubbed }
      return out.json({ from, to, created, adopted: upgradedLegacy, ...rows, copied_to: copiedTo, notes })
    }
    out.done(`${from === to ? 'Up to date' : 'Brought up to date'}: schema ${to} in ${databaseLocation(loaded)}`)
    for (const line of await takeOverLines({ doorward, loaded })) out.warn(`  ${line}`)
  } finally {
    await doorward.close()
  }
}
