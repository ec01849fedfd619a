// A server with people, as a copy of one that is prepared once per process: setting them up costs more than opening the server.
import { randomUUID } from 'node:crypto'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'

import { importedHashes } from '#domain/users/external-rows/imported-hashes.service.ts'
import type { Instant } from '#foundation/kernel/time.ts'
import type { Dialect } from '#foundation/platform/database/dialect.ts'
import { copyMigratedFile, migratedTemplate } from '../databases/each-database.ts'
import {
  dropPostgresDatabase,
  newPostgresDatabase,
  postgresTemplate,
  sharedFolder,
  temporaryFolder,
} from '../databases/temporary.ts'
import type { Person } from '../people/people.ts'
import { count } from '../runner/cost.ts'
import { TestClock } from './clock.ts'
import { openServer, type ServerInstallation } from './open-server.ts'
import { type Server, start, type StartOptions } from './start.ts'

type People = Readonly<Record<string, Person>>

interface Original<Settled extends People> {
  /** Contains the keyring, and on SQLite the closed database. */
  readonly folder: string
  /** The name of the database on PostgreSQL. */
  readonly template: string
  readonly now: Instant
  readonly people: Settled
}

type Peopled<Settled extends People> = { readonly server: Server; readonly people: Settled }

const FILE = 'doorward.db'
const KEYRING = 'keyring.json'

/**
 * Returns a function that starts a server with the people whom `settle` sets up. From the second time on with the same database and settings,
 * the server has a copy of a database, a keyring and a clock, with their keys, second factors and sessions. A server on a given installation or clock
 * is no copy.
 */
export function copiesOf<Settled extends People>(
  settle: (server: Server) => Promise<Settled>,
): (t: TestContext, options?: StartOptions) => Promise<Peopled<Settled>> {
  const originals = new Map<string, Promise<Original<Settled>> | undefined>()
  return async (t, options = {}) => {
    const { dialect = 'sqlite', settings = {} } = options
    const key = JSON.stringify([dialect, settings])
    const isFirst = !originals.has(key)
    if (isFirst) originals.set(key, undefined)
    if (isFirst || options.clock || options.databaseUrl || options.dataDir) {
      const server = await start(t, options)
      return { server, people: await settle(server) }
    }
    const original = originals.get(key) ?? prepare(dialect, settings, settle)
    originals.set(key, original)
    return copyOf(t, await original, options)
  }
}

async function copyOf<Settled extends People>(
  t: TestContext,
  { folder, template, now, people }: Original<Settled>,
  options: StartOptions,
): Promise<Peopled<Settled>> {
  const dataDir = await temporaryFolder(t)
  await copyFile(join(folder, KEYRING), join(dataDir, KEYRING))
  const databaseUrl = options.dialect === 'postgres' ? await newPostgresDatabase(t, { template }) : fileIn(dataDir)
  if (options.dialect !== 'postgres') {
    count('databases')
    await copyFile(join(folder, FILE), join(dataDir, FILE))
  }
  const clock = new TestClock(now)
  const server = await start(t, { ...options, dataDir, databaseUrl, clock })
  // The ids that the copy makes follow those of the original, although its clock stands at the same moment.
  clock.at(now + 1, () => server.doorward.newId())
  // The start reads this too, without waiting for it: a test that counts statements would hear it.
  await importedHashes(server.doorward)
  const copied = Object.entries(people).map(([name, person]) => [name, person.on(server)])
  return { server, people: Object.fromEntries(copied) as Settled }
}

/** The databases to copy from, which are dropped when all tests of the process have ended. */
const templates: string[] = []

after(async () => {
  for (const name of templates) await dropPostgresDatabase(name)
})

async function prepare<Settled extends People>(
  dialect: Dialect,
  settings: Readonly<Record<string, string>>,
  settle: (server: Server) => Promise<Settled>,
): Promise<Original<Settled>> {
  const folder = await sharedFolder('copied')
  const installation = { dataDir: folder, clock: new TestClock() }
  const settled = async (databaseUrl: string): Promise<Settled> => {
    const server = await openServer({ ...installation, databaseUrl } satisfies ServerInstallation, { settings })
    const people = await settle(server)
    await server.close()
    return people
  }
  let people: Settled | undefined
  let template = ''
  if (dialect === 'sqlite') {
    await copyMigratedFile(join(folder, FILE))
    people = await settled(fileIn(folder))
  } else {
    const from = await migratedTemplate()
    template = `settled_${randomUUID().replaceAll('-', '')}`
    templates.push(template)
    await postgresTemplate(template, async (url) => void (people = await settled(url)), from)
  }
  if (people === undefined) throw new Error('nobody was set up')
  return { folder, template, now: installation.clock.now(), people }
}

function fileIn(folder: string): string {
  return `sqlite:${join(folder, FILE)}`
}
