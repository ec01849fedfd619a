// A node in a process of its own: the test injects requests into it and stops it between its statements.
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'

import { count } from '../runner/cost.ts'
import type { ServerInstallation } from '../server/open-server.ts'
import type { Order, Word } from './node-process-main.ts'
import type { Stoppable } from './stoppable-server.ts'

const PROGRAM = join(import.meta.dirname, 'node-process-main.ts')

/** Started once for all tests of a process; one test uses it at a time. */
let idle: ChildProcess | undefined

export class OtherProcess implements Stoppable {
  readonly #child: ChildProcess
  readonly #installation: ServerInstallation
  #answer: PromiseWithResolvers<LightMyRequestResponse> | undefined
  #state: PromiseWithResolvers<Word> | undefined
  waits = false
  repeats = false

  private constructor(child: ChildProcess, installation: ServerInstallation) {
    this.#child = child
    this.#installation = installation
    child.on('message', this.#hear)
    child.once('exit', this.#fail)
  }

  static async start(
    installation: ServerInstallation,
    settings: Readonly<Record<string, string>> = {},
  ): Promise<OtherProcess> {
    count('servers')
    // The default serialization is JSON, which cannot represent Infinity.
    const child = idle ?? fork(PROGRAM, { serialization: 'advanced' })
    idle = undefined
    child.ref()
    child.channel?.ref()
    const other = new OtherProcess(child, installation)
    const { databaseUrl, dataDir } = installation
    await other.#changesState({ does: 'open', databaseUrl, dataDir, settings })
    return other
  }

  /** Closes the node; fails where closing failed, such as for an unexpected error in the log. */
  async end(): Promise<void> {
    this.goOn()
    const word = await this.#changesState({ does: 'close' })
    this.#child.off('message', this.#hear)
    this.#child.off('exit', this.#fail)
    // The idle process does not keep the tests' process from ending, and ends with it.
    this.#child.unref()
    this.#child.channel?.unref()
    idle = this.#child
    assert.deepEqual(word, { says: 'closed', fault: null }, 'the other process did not end well')
  }

  #changesState(order: Order): Promise<Word> {
    this.#state = Promise.withResolvers()
    this.#order(order)
    return this.#state.promise
  }

  stopAfter(statement: number): void {
    this.waits = false
    this.#order({ does: 'stop', after: statement })
  }

  goOn(): void {
    this.waits = false
    this.#order({ does: 'go on' })
  }

  /** Injects one request at a time, at the current time of the test's clock. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse> {
    count('requests')
    this.#answer = Promise.withResolvers()
    this.#order({ does: 'ask', now: this.#installation.clock.now(), request })
    return this.#answer.promise
  }

  #order(order: Order): void {
    assert.ok(this.#child.connected, 'the other process has ended')
    this.#child.send(order)
  }

  readonly #hear = (word: Word): void => {
    if (word.says === 'stands') Object.assign(this, { waits: word.waits, repeats: word.repeats })
    if (word.says === 'open' || word.says === 'closed') this.#state?.resolve(word)
    if (word.says !== 'answers') return
    const { statusCode, headers, body } = word
    const answer = { statusCode, headers, body, json: (): unknown => JSON.parse(body) }
    this.#answer?.resolve(answer as unknown as LightMyRequestResponse)
  }

  readonly #fail = (code: number | null): void => {
    const error = new Error(`the other process ended with ${code}`)
    this.#answer?.reject(error)
    this.#state?.reject(error)
  }
}
