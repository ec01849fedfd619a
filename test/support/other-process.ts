// A node in a process of its own, seen from the test: it is asked as if it were here, and stopped between its statements.
import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

import type { InjectOptions, LightMyRequestResponse } from 'fastify'

import type { Stoppable } from './barrier.ts'
import type { ServerPlace } from './open-server.ts'
import type { Order, Word } from './other-hand.ts'

const PROGRAM = join(import.meta.dirname, 'other-hand.ts')

export class OtherProcess implements Stoppable {
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown[]>
  readonly #place: ServerPlace
  #answer: PromiseWithResolvers<LightMyRequestResponse> | undefined
  waits = false
  repeats = false

  private constructor(place: ServerPlace) {
    const { databaseUrl, dataDir } = place
    // Not as JSON, which has no number for never.
    const child = fork(PROGRAM, [databaseUrl, dataDir], { serialization: 'advanced' })
    this.#child = child
    this.#ended = once(child, 'exit')
    this.#place = place
    child.on('message', (word: Word) => this.#hear(word))
    child.once('exit', (code) => this.#answer?.reject(new Error(`the other process ended with ${code}`)))
  }

  static async start(place: ServerPlace): Promise<OtherProcess> {
    const other = new OtherProcess(place)
    await Promise.race([once(other.#child, 'message'), other.#ended])
    assert.ok(other.#child.connected, 'the other process did not start')
    return other
  }

  /** Fails where it did not end well, as when it logged an error. */
  async end(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    assert.deepEqual(await this.#ended, [0, null], 'the other process did not end well')
  }

  stopAfter(statement: number): void {
    this.waits = false
    this.#order({ does: 'stop', after: statement })
  }

  goOn(): void {
    this.waits = false
    this.#order({ does: 'go on' })
  }

  /** One request at a time, at this moment of the test's clock. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse> {
    this.#answer = Promise.withResolvers()
    this.#order({ does: 'ask', now: this.#place.clock.now(), request })
    return this.#answer.promise
  }

  #order(order: Order): void {
    this.#child.send(order)
  }

  #hear(word: Word): void {
    if (word.says === 'stands') Object.assign(this, { waits: word.waits, repeats: word.repeats })
    if (word.says !== 'answers') return
    const { statusCode, headers, body } = word
    const answer = { statusCode, headers, body, json: (): unknown => JSON.parse(body) }
    this.#answer?.resolve(answer as unknown as LightMyRequestResponse)
  }
}
