// A node that can be stopped between the statements of a request.
import { type KyselyPlugin, type PluginTransformQueryArgs, type PluginTransformResultArgs, sql } from 'kysely'

import { buildApp } from '#entry/http/app.ts'
import { withEngine } from '#foundation/platform/database/database.ts'
import { type OpenedServer, type OpenOptions, openServer, type ServerInstallation } from '../server/open-server.ts'

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
  statements = 0
  waits = false
  repeats = false

  /** `onChange` is called when the node stops, and when it begins or ends to repeat a statement. */
  constructor(onChange: () => void = () => {}) {
    this.#onChange = onChange
  }

  stopAfter(statement: number): void {
    this.#stopAfter = statement
    this.#gate = Promise.withResolvers()
    this.statements = 0
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
  }

  transformQuery({ node }: PluginTransformQueryArgs): PluginTransformQueryArgs['node'] {
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    this.statements += 1
    this.#last = ''
    this.#setRepeats(false)
    if (this.statements === this.#stopAfter) {
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
  settings: OpenOptions['settings'] = {},
): Promise<OpenedServer> {
  const server = await openServer(installation, { settings, onStatement: (text) => barrier.hear(text) })
  const { db } = server.doorward
  // Another test covers power failures, and syncing to the disk is slow.
  if (installation.databaseUrl.startsWith('sqlite:')) await sql`pragma synchronous = off`.execute(db)
  const app = await buildApp({ ...server.doorward, db: withEngine(db.withPlugin(barrier), db) })
  return {
    ...server,
    app,
    close: async () => {
      await app.close()
      await server.close()
    },
  }
}
