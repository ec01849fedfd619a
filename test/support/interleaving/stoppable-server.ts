// A node that can be stopped between the statements of a request.
import { type KyselyPlugin, type PluginTransformQueryArgs, type PluginTransformResultArgs, sql } from 'kysely'

import { buildApp } from '#entry/http/app.ts'
import { ROUTES } from '#entry/http/routes.ts'
import { withEngine } from '#foundation/platform/database/database.ts'
import { documentRoute } from '../openid/agents.ts'
import { withdrawalRoute } from '../openid/consents.ts'
import { type OpenedServer, type OpenOptions, openServer, type ServerInstallation } from '../server/open-server.ts'

export interface Statement {
  /** Whether it is a read outside a transaction. */
  readonly isLoneRead: boolean
}

/** A node that can be stopped between two statements. */
export interface Stoppable {
  /** The node is stopped after the statement that was set. */
  readonly waits: boolean
  /** The node repeats one statement, as a SQLite writer does while another connection holds the write lock. */
  readonly repeats: boolean
  stopAfter(statement: number): void
  goOn(): void
}

/**
 * Stops the connection that uses it after a given statement, until `goOn` is called.
 *
 *   running --statement number `stopAfter`--> stopped (waits = true) --goOn()--> running
 *      ^  |
 *      +--+ the same statement again (repeats = true), until one succeeds (repeats = false)
 */
export class Barrier implements KyselyPlugin, Stoppable {
  readonly #onChange: () => void
  #stopAfter = Infinity
  #gate = Promise.withResolvers<void>()
  #last = ''
  #isInTransaction = false
  #isRead = false
  statements: Statement[] = []
  waits = false
  repeats = false

  /** `onChange` is called when the node stops, and when it begins or ends to repeat a statement. */
  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange
  }

  stopAfter(statement: number): void {
    this.#stopAfter = statement
    this.#gate = Promise.withResolvers()
    this.statements = []
    this.waits = false
  }

  goOn(): void {
    this.#stopAfter = Infinity
    this.waits = false
    this.#gate.resolve()
  }

  hear(text: string): void {
    this.#setRepeats(text === this.#last)
    this.#last = text
    if (text.startsWith('begin')) this.#isInTransaction = true
    if (text === 'commit' || text === 'rollback') this.#isInTransaction = false
    this.#isRead = text.startsWith('select')
  }

  transformQuery({ node }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    this.statements.push({ isLoneRead: this.#isRead && !this.#isInTransaction })
    this.#last = ''
    this.#setRepeats(false)
    if (this.statements.length === this.#stopAfter) {
      this.waits = true
      this.#onChange()
      await this.#gate.promise
    }
    return result
  }

  #setRepeats(repeats: boolean): void {
    if (repeats === this.repeats) return
    this.repeats = repeats
    this.#onChange()
  }
}

export async function openStopped(
  installation: ServerInstallation,
  barrier: Barrier,
  options: Pick<OpenOptions, 'settings' | 'outbound'> = {},
): Promise<OpenedServer> {
  const server = await openServer(installation, { ...options, onStatement: (text) => barrier.hear(text) })
  const { db } = server.doorward
  // Another test covers power failures, and syncing to the disk is slow.
  if (installation.databaseUrl.startsWith('sqlite:')) await sql`pragma synchronous = off`.execute(db)
  const deps = { ...server.doorward, db: withEngine(db.withPlugin(barrier), db) }
  const app = await buildApp(deps, { routes: [...ROUTES, withdrawalRoute, documentRoute] })
  return {
    ...server,
    app,
    close: async () => {
      await app.close()
      await server.close()
    },
  }
}
