// Records refused requests of protected hosts: the first of a kind, so that neither a stranger nor a page that is loaded again fills the log.
import { recordEvent } from '#domain/audit/audit.service.ts'
import type { With } from '#foundation/context.ts'
import { isAuthenticated, type Principal } from '#foundation/kernel/principal.ts'
import { type Instant, isWithin, minutes } from '#foundation/kernel/time.ts'
import type { RefusalReason, RequestedHost, Visitor } from './decision.service.ts'

export interface RefusedRequest {
  readonly reason: RefusalReason
  readonly host: Pick<RequestedHost, 'id' | 'name'> | undefined
  readonly visitor?: Visitor | undefined
}

const ONE_KIND = minutes(10)
const MOST_RECORDED = 1000

export class RefusalRecorder {
  readonly #recordedAt = new Map<string, Instant>()

  /** Records a refusal, unless one for the same reason, host and user was recorded within ten minutes. */
  async record(
    ctx: With<'db' | 'now' | 'newId' | 'random' | 'keyring' | 'principal'>,
    { reason, host }: RefusedRequest,
  ): Promise<void> {
    const key = `${reason} ${host?.id ?? ''} ${subjectOf(ctx.principal)}`
    if (isWithin(ONE_KIND, this.#recordedAt.get(key) ?? -Infinity, ctx.now)) return
    if (this.#recordedAt.size >= MOST_RECORDED) this.#recordedAt.clear()
    this.#recordedAt.set(key, ctx.now)
    const details = host && { host: host.name, host_id: host.id }
    await recordEvent(ctx, { action: 'host.refused', result: 'refused', reason, ...(details && { details }) })
  }
}

function subjectOf(principal: Principal): string {
  return isAuthenticated(principal) ? principal.user.subject : ''
}
