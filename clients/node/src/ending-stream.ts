// The stream of what has ended (`GET /endings`), and until when what is remembered may be believed.

/** What one token of the stream says. What is left out means all. */
export interface Ending {
  /** Whether only roles, groups or fields have changed. */
  readonly isChange: boolean
  /** When it ended, in seconds. */
  readonly at: number
  readonly subject?: string
  readonly clientId?: string
  readonly sids?: readonly string[]
  readonly keptSids?: readonly string[]
}

interface StreamOptions {
  readonly url: string
  readonly authorization: string
  readonly fetch: typeof fetch
  readonly hear: (ending: Ending) => void
  /** Is called where endings may have been missed. */
  readonly forget: () => void
}

/** Milliseconds after the moment for which the last line says that everything was sent. With the way of a line that is less than two seconds. */
const BELIEVED_FOR = 1500
/** A stream that says nothing for so long is cut silently. */
const SILENT_FOR = 15_000
/** Without a request for so long the stream is closed. */
const IDLE_FOR = 60_000
const LONGEST_PAUSE = 5000
/** After a refusal that the next try changes as little, such as that of a wrong secret or of a server without a stream. */
const REFUSED_PAUSE = 30_000
/** By so much the clocks may differ since the stream began; a machine that was suspended has lost more. */
const DRIFT = 1000
/** So long is a stream read before it is begun anew: the clocks of two machines part by some 4 s a day, and the time of its lines is the server's. */
const RENEWED_AFTER = 600_000
/** Seconds back at the first stream: longer than a JWT lives. */
export const HISTORY = 360

/** Never set, and counts while a process is stopped. */
export const steadyNow = (): number => performance.now()

/** A timer that does not keep the process alive. */
function later(work: () => void, delay: number): () => void {
  const timer = setTimeout(work, delay)
  ;(timer as { unref?: () => void }).unref?.()
  return () => clearTimeout(timer)
}

export class EndingStream {
  readonly #options: StreamOptions
  readonly #waiting = new Set<() => void>()
  #position: string | undefined
  #generation = 0
  #believedUntil = -Infinity
  #offset = 0
  #usedAt = 0
  #isRunning = false
  #isClosed = false
  #cut: () => void = () => undefined

  constructor(options: StreamOptions) {
    this.#options = options
  }

  /** Changes where endings may have been missed. Undefined while the stream has no position, so that later endings may be missed. */
  get generation(): number | undefined {
    return this.#position === undefined ? undefined : this.#generation
  }

  /** Whether everything that has ended until less than two seconds ago was heard. Opens the stream if it is not open. */
  isLive(): boolean {
    this.#usedAt = steadyNow()
    if (!this.#isRunning && !this.#isClosed) void this.#run()
    return this.#usedAt < this.#believedUntil && !this.#hasDrifted()
  }

  /** Waits until the stream is live, at most so many milliseconds. */
  async becomesLive(within: number): Promise<boolean> {
    if (!this.isLive())
      await new Promise<void>((resolve) => {
        const end = (): void => {
          this.#waiting.delete(end)
          cancel()
          resolve()
        }
        const cancel = later(end, within)
        this.#waiting.add(end)
      })
    return this.isLive()
  }

  close(): void {
    this.#isClosed = true
    this.#cut()
  }

  #hasDrifted(): boolean {
    return Math.abs(Date.now() - steadyNow() - this.#offset) > DRIFT
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    let pause = 0
    while (!this.#isClosed && steadyNow() - this.#usedAt < IDLE_FOR) {
      const began = steadyNow()
      const status = await this.#connect().catch(() => undefined)
      const isRefused = status !== undefined && status >= 400 && status < 500 && status !== 410
      if (steadyNow() - began > SILENT_FOR) pause = 0
      pause = isRefused ? REFUSED_PAUSE : Math.min(LONGEST_PAUSE, Math.max(100, pause * 2))
      // Many programs whose streams were cut at once do not come back at once.
      const wait = pause * (0.5 + Math.random() / 2)
      await new Promise<void>((resolve) => later(resolve, wait))
    }
    this.#isRunning = false
  }

  /** Returns the status of the answer when the stream has ended. */
  async #connect(): Promise<number> {
    const ending = new AbortController()
    this.#cut = () => ending.abort()
    let cancel = later(this.#cut, SILENT_FOR)
    try {
      const sentAt = steadyNow()
      // What was believed before the machine was suspended stays refused although the new stream measures from now.
      if (this.#hasDrifted()) this.#believedUntil = -Infinity
      this.#offset = Date.now() - sentAt
      const query = this.#position === undefined ? `within=${HISTORY}` : `after=${this.#position}`
      const answer = await this.#options.fetch(`${this.#options.url}/endings?${query}`, {
        headers: { authorization: this.#options.authorization, accept: 'text/event-stream' },
        redirect: 'error',
        signal: ending.signal,
      })
      if (answer.status === 410) this.#startAnew()
      if (!answer.ok || !answer.headers.get('content-type')?.startsWith('text/event-stream')) return answer.status
      const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
      for (let rest = ''; ;) {
        const { value, done } = (await reader?.read()) ?? { done: true }
        const now = steadyNow()
        if (done || value === undefined || this.#hasDrifted()) return answer.status
        if (now - this.#usedAt > IDLE_FOR || now - sentAt > RENEWED_AFTER) return answer.status
        cancel()
        cancel = later(this.#cut, SILENT_FOR)
        const events = (rest + value).split('\n\n')
        rest = events.pop() ?? ''
        for (const event of events) this.#read(event, sentAt)
      }
    } finally {
      cancel()
      ending.abort()
    }
  }

  #startAnew(): void {
    this.#position = undefined
    this.#generation += 1
    this.#believedUntil = -Infinity
    this.#options.forget()
  }

  #read(event: string, sentAt: number): void {
    const fields = new Map(event.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^\w*: ?/, '')]))
    const data = fields.get('data') ?? ''
    if (fields.get('event') === 'ending') for (const ending of endingsIn(data)) this.#options.hear(ending)
    if (fields.get('event') !== 'complete') return
    const { elapsed } = JSON.parse(data) as { readonly elapsed?: unknown }
    if (typeof elapsed !== 'number') return
    this.#position = fields.get('id')
    // From the moment at which the request was sent: a line that was held back on its way is as old as it is.
    // A server whose clock is faster says more than has passed here.
    this.#believedUntil = Math.max(this.#believedUntil, Math.min(sentAt + elapsed, steadyNow()) + BELIEVED_FOR)
    if (steadyNow() < this.#believedUntil) for (const end of this.#waiting) end()
  }
}

/**
 * The claims of a token that comes from Doorward itself, so that its signature says nothing more. An event of an unknown kind counts as an end: what
 * was remembered is asked about again.
 */
function endingsIn(token: string): Ending[] {
  const claims = jsonOf(token.split('.')[1] ?? '')
  const { sub } = (claims['sub_id'] ?? {}) as { readonly sub?: string }
  const events = claims['events'] as Record<string, Record<string, unknown>>
  return Object.entries(events).map(([uri, { client_id: clientId, sids, kept_sids: keptSids }]) => ({
    isChange: uri.endsWith('/token-claims-change'),
    at: Number(claims['toe']),
    ...(sub !== undefined && { subject: sub }),
    ...(clientId !== undefined && { clientId: clientId as string }),
    ...(sids !== undefined && { sids: sids as string[] }),
    ...(keptSids !== undefined && { keptSids: keptSids as string[] }),
  }))
}

/** What a part of a JWT says. Throws for what is no JSON. */
export function jsonOf(part: string): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(bytesOf(part))) as Record<string, unknown>
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
}
