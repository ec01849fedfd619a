// Reads the list of endings for all streams of a node: once for each turn, however many streams there are.
import { setImmediate as nextTurn } from 'node:timers/promises'

import {
  changesAfter,
  endOfList,
  namedPosition,
  unchainedChanges,
  type UnchainedChanges,
} from '#domain/audit/ending-list.service.ts'
import type { ListedChange } from '#domain/audit/ending.ts'
import { findClientWithSecrets } from '#domain/clients/client.service.ts'
import { servingIds } from '#domain/clients/resource.service.ts'
import { usersAtApps } from '#domain/grants/user-at-app.service.ts'
import { currentSigner, type Signer } from '#domain/signing-keys/signer.service.ts'
import type { Context } from '#foundation/context.ts'
import { type Duration, minutes, seconds } from '#foundation/kernel/time.ts'
import { steadyNow, SYSTEM_TIMERS, type Timers } from '#foundation/platform/system.ts'
import { audienceOf, type Hearer } from './hearer.ts'
import { securityEvent } from './security-event.ts'

/** One reader outside, as its connection serves it. */
export interface EndingStream {
  readonly clientId: string
  /** The secret with which it has authenticated: it ends with the secret. */
  readonly secretId: string
  /** The position after which it begins; undefined for the end of the list. */
  readonly after: number | undefined
  /** Sends one security event token. */
  readonly send: (jti: string, token: string) => void
  /** Says that everything is sent that was committed before `elapsed` milliseconds of this stream had passed. */
  readonly complete: (position: string, elapsed: Duration) => void
  /** Whether its receiver has read so little that no more may be sent. */
  readonly isCongested: () => boolean
  readonly end: () => void
}

interface OpenStream extends EndingStream {
  readonly openedAt: Duration
  /** Up to where it has read the list before the others; undefined once it reads with them. */
  behind: number | undefined
  completeAt: Duration
}

/** The length of a turn, and how often a stream hears that it is complete. */
const EVERY: Duration = 250
const COMPLETE_EVERY: Duration = seconds(1)
/** How often it is checked whether the secrets of the streams are valid, beside after events that may have ended one. */
const CHECKED_EVERY: Duration = minutes(1)
/** How many events a page has, how many may wait for their positions, and how many pages one turn reads for streams that are behind. */
const PAGE = 500
const MOST_UNCHAINED = 1000
const PAGES_BEHIND = 20
/** How many streams an app and a node may have open. */
export const MOST_STREAMS = { app: 20, node: 1000 } as const

export interface ReaderDeps {
  /** Of the request that opened a stream, with the time as it is now. */
  readonly context: () => Context
  readonly issuer: string
  /** Whether the server is about to stop. */
  readonly isStopping: () => boolean
  readonly timers?: Timers
}

export class EndingReader {
  readonly #streams = new Set<OpenStream>()
  /** Changes that were sent before their event had a position. */
  readonly #sentEarly = new Map<string, ListedChange>()
  #position: number | undefined
  #named: string | undefined
  #signer: Signer | undefined
  #checkAt: Duration = 0
  #isRunning = false
  #fails = false

  /** Whether a stream more may be opened for this app. */
  hasRoomFor(clientId: string): boolean {
    const ofApp = [...this.#streams].filter((stream) => stream.clientId === clientId).length
    return ofApp < MOST_STREAMS.app && this.#streams.size < MOST_STREAMS.node
  }

  /** Serves a stream until the returned function is called or the stream is ended. */
  open(deps: ReaderDeps, stream: EndingStream): () => void {
    const opened = { ...stream, openedAt: steadyNow(), behind: stream.after ?? Infinity, completeAt: 0 }
    this.#streams.add(opened)
    if (!this.#isRunning) {
      this.#isRunning = true
      void this.#run(deps)
    }
    return () => void this.#streams.delete(opened)
  }

  async #run(deps: ReaderDeps): Promise<void> {
    const { timers = SYSTEM_TIMERS } = deps
    while (this.#streams.size > 0 && !deps.isStopping()) {
      const began = steadyNow()
      const ctx = deps.context()
      await this.#turn(ctx, deps).then(
        () => (this.#fails = false),
        (error: unknown) => this.#noteFailure(ctx, error),
      )
      await new Promise<void>((resolve) => timers.after(Math.max(0, EVERY - (steadyNow() - began)), resolve))
    }
    this.#endAll(this.#streams)
    this.#isRunning = false
    this.#position = undefined
    this.#sentEarly.clear()
  }

  /** Streams stay open and say nothing, so that their readers ask instead. */
  #noteFailure(ctx: Context, error: unknown): void {
    if (!this.#fails) ctx.log.warn({ err: error }, 'the list of endings could not be read for streams')
    this.#fails = true
  }

  async #turn(ctx: Context, { issuer }: ReaderDeps): Promise<void> {
    const readAt = steadyNow()
    if (this.#position === undefined) await this.#moveTo(ctx, await endOfList(ctx))
    if (this.#position === undefined) return
    // First those without a position: an event that gets its position in between is read twice, in the other order never.
    const early = await unchainedChanges(ctx, MOST_UNCHAINED)
    const live = [...this.#streams].filter(({ behind }) => behind === undefined)
    const { chained, mayHaveLostSecrets } = await this.#readChained(ctx, issuer, live)
    const fresh = early.changes.filter(({ id }) => !chained.has(id) && !this.#sentEarly.has(id))
    for (const id of chained) this.#sentEarly.delete(id)
    await this.#send(ctx, issuer, fresh, live)
    for (const change of fresh) this.#sentEarly.set(change.id, change)
    await this.#catchUp(ctx, issuer)
    if (mayHaveLostSecrets || steadyNow() >= this.#checkAt) await this.#checkSecrets(ctx)
    this.#complete(readAt, early)
  }

  /** Reads the list to its end for the streams that are there already; returns the ids of what it has read. */
  async #readChained(ctx: Context, issuer: string, live: readonly OpenStream[]) {
    const chained = new Set<string>()
    for (let mayHaveLostSecrets = false; ;) {
      const page = await changesAfter(ctx, this.#position ?? 0, PAGE)
      await this.#send(
        ctx,
        issuer,
        page.changes.filter(({ id }) => !this.#sentEarly.has(id)),
        live,
      )
      for (const { id } of page.changes) chained.add(id)
      mayHaveLostSecrets ||= page.changesApps
      if (page.position !== this.#position) await this.#moveTo(ctx, page.position)
      if (page.isLast) return { chained, mayHaveLostSecrets }
    }
  }

  async #moveTo(ctx: Context, position: number | undefined): Promise<void> {
    this.#named = position === undefined ? undefined : await namedPosition(ctx, position)
    this.#position = position
  }

  /** Lets streams that begin earlier read up to where the others are; then they read with these. */
  async #catchUp(ctx: Context, issuer: string): Promise<void> {
    const position = this.#position ?? 0
    let pages = PAGES_BEHIND
    for (const stream of this.#streams) {
      while (stream.behind !== undefined && stream.behind < position && pages > 0) {
        const page = await changesAfter(ctx, stream.behind, Math.min(PAGE, position - stream.behind))
        await this.#send(ctx, issuer, page.changes, [stream])
        stream.behind = page.position === stream.behind ? position : page.position
        pages -= 1
      }
      if (stream.behind === undefined || stream.behind < position) continue
      stream.behind = undefined
      await this.#send(ctx, issuer, [...this.#sentEarly.values()], [stream])
    }
  }

  async #send(
    ctx: Context,
    issuer: string,
    changes: readonly ListedChange[],
    streams: readonly OpenStream[],
  ): Promise<void> {
    if (changes.length === 0 || streams.length === 0) return
    const users = await usersAtApps(
      ctx,
      changes.flatMap(({ subject }) => subject ?? []),
    )
    const serving = await servingIds(ctx)
    this.#signer = await currentSigner(ctx, this.#signer)
    const signer = this.#signer
    if (signer === undefined) throw new Error('There are streams, but no signing key')
    const byApp = Map.groupBy(streams, ({ clientId }) => clientId)
    for (const change of changes) {
      const audience = audienceOf(change, { users, serving })
      const hearers = audience === 'all' ? [...byApp.keys()].map(ofAll) : audience
      for (const hearer of hearers.filter(({ clientId }) => byApp.has(clientId))) {
        const { jti, claims } = securityEvent(change, hearer, { issuer, now: ctx.now })
        const token = signer.sign('secevent+jwt', claims)
        this.#sendTo(byApp.get(hearer.clientId) ?? [], jti, token)
        // Requests are answered between the signatures.
        await nextTurn()
      }
    }
  }

  #sendTo(streams: readonly OpenStream[], jti: string, token: string): void {
    this.#endAll(streams.filter((stream) => stream.isCongested()))
    for (const stream of streams) if (this.#streams.has(stream)) stream.send(jti, token)
  }

  /** Says to each stream that it is complete, unless more events wait for their positions than were read. */
  #complete(readAt: Duration, { isAll }: UnchainedChanges): void {
    if (!isAll || this.#named === undefined) return
    const now = steadyNow()
    for (const stream of this.#streams) {
      if (stream.behind !== undefined || stream.openedAt > readAt || now < stream.completeAt) continue
      if (stream.isCongested()) this.#endAll([stream])
      else stream.complete(this.#named, Math.floor(readAt - stream.openedAt))
      // A quarter of a turn early, so that a late turn does not leave one out.
      stream.completeAt = now + COMPLETE_EVERY - EVERY / 4
    }
  }

  /** Ends the streams whose app is disabled or gone, or whose secret has ended. */
  async #checkSecrets(ctx: Context): Promise<void> {
    for (const [clientId, streams] of Map.groupBy(this.#streams, (stream) => stream.clientId)) {
      const found = await findClientWithSecrets(ctx, clientId)
      const isDisabled = found === undefined || found.client.disabledAt !== null
      const valid = isDisabled ? [] : found.secrets.map(({ id }) => id)
      this.#endAll(streams.filter(({ secretId }) => !valid.includes(secretId)))
    }
    this.#checkAt = steadyNow() + CHECKED_EVERY
  }

  #endAll(streams: Iterable<OpenStream>): void {
    for (const stream of streams) {
      this.#streams.delete(stream)
      stream.end()
    }
  }
}

function ofAll(clientId: string): Hearer {
  return { clientId, sids: null, keptSids: [] }
}
