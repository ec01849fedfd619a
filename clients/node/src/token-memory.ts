// What tokens are worth, until something ends it.
import type { Caller } from './caller.ts'
import { type Ending, HISTORY, steadyNow } from './ending-stream.ts'

const MOST_REMEMBERED = 10_000
const LONGEST = 5 * 60_000
/** In seconds. An ending is dated when its transaction began: until it was committed, a session may have begun, or got a token by the clock of another node. */
const BEGUN_WITHIN = 1
const ISSUED_WITHIN = 5

interface Remembered {
  readonly caller: Caller
  /** By the steady clock. */
  readonly until: number
  readonly isJwt: boolean
}

export class TokenMemory {
  readonly #remembered = new Map<string, Remembered>()
  #endings: (Ending & { readonly heardAt: number })[] = []

  find(token: string): Caller | undefined {
    const found = this.#remembered.get(token)
    if (found === undefined || steadyNow() < found.until) return found?.caller
    this.#remembered.delete(token)
    return undefined
  }

  /** @param lifetime milliseconds for which the token lives from `since` on */
  remember(token: string, caller: Caller, of: { since: number; lifetime: number; isJwt: boolean }): void {
    const { since, lifetime, isJwt } = of
    const [oldest] = this.#remembered.keys()
    if (this.#remembered.size >= MOST_REMEMBERED && oldest !== undefined) this.#remembered.delete(oldest)
    this.#remembered.set(token, { caller, until: since + Math.min(lifetime, LONGEST), isJwt })
  }

  hear(ending: Ending): void {
    const heardAt = steadyNow()
    const isOld = (one: { readonly heardAt: number }): boolean => heardAt - one.heardAt > HISTORY * 1000
    if (this.#endings[0] !== undefined && isOld(this.#endings[0]))
      this.#endings = this.#endings.filter((one) => !isOld(one))
    this.#endings.push({ ...ending, heardAt })
    for (const [token, { caller, isJwt }] of this.#remembered)
      if (isJwt ? endsJwt(ending, caller) : names(ending, caller)) this.#remembered.delete(token)
  }

  forget(): void {
    this.#remembered.clear()
    this.#endings = []
  }

  /** Whether something was heard since a moment that an answer from before it may not know. */
  heardSince(since: number, caller: Caller): boolean {
    return this.#endings.some((ending) => ending.heardAt >= since && names(ending, caller))
  }

  /** Whether a JWT has ended that is valid by its signature and its time. */
  hasEnded(caller: Caller): boolean {
    return this.#endings.some((ending) => endsJwt(ending, caller))
  }
}

function names({ subject, clientId }: Ending, caller: Caller): boolean {
  return (subject ?? caller.subject) === caller.subject && (clientId ?? caller.clientId) === caller.clientId
}

/** A JWT says of which session it is, when its user signed in, and when it was issued. One of a sign-in after the ending goes on. */
function endsJwt(ending: Ending, caller: Caller): boolean {
  const { isChange, at, sids, keptSids = [] } = ending
  const { sid, iat, auth_time: signedInAt = iat } = caller.claims
  if (isChange || !names(ending, caller)) return false
  if (Number(signedInAt) > at + BEGUN_WITHIN || Number(iat) > at + ISSUED_WITHIN) return false
  if (typeof sid !== 'string') return true
  return !keptSids.includes(sid) && (sids === undefined || sids.includes(sid))
}
