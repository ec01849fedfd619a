// Security event tokens (RFC 8417) with the events of CAEP, as readers of the stream of endings get them. Tested in security-event.test.ts.
import type { ListedChange } from '#domain/audit/ending.ts'
import type { Hearer } from './hearer.ts'

const CAEP = 'https://schemas.openid.net/secevent/caep/event-type/'
const ENDED = `${CAEP}session-revoked`
const CLAIMS_CHANGED = `${CAEP}token-claims-change`

export interface SecurityEvent {
  readonly jti: string
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Returns the claims of the token about a change for one app. It has no `exp`, and no `sub`, so that it cannot be taken for an ID token (RFC 8417
 * §4.5, §4.6). The id is the same whenever the app hears of the change. Members of ours in the event: `sids` and `kept_sids`, by the `sid` of ID
 * tokens and JWTs, and `client_id`. What is not there means all.
 * @param now in milliseconds
 */
export function securityEvent(
  change: ListedChange,
  { clientId, sids, keptSids }: Hearer,
  { issuer, now }: { readonly issuer: string; readonly now: number },
): SecurityEvent {
  const jti = `${change.id}.${clientId}`
  const event = {
    event_timestamp: toSeconds(change.at),
    ...(change.clientId !== null && { client_id: change.clientId }),
    ...(sids !== null && { sids }),
    ...(keptSids.length > 0 && { kept_sids: keptSids }),
  }
  const claims = {
    iss: issuer,
    aud: clientId,
    iat: toSeconds(now),
    jti,
    toe: toSeconds(change.at),
    ...(change.subject !== null && { sub_id: { format: 'iss_sub', iss: issuer, sub: change.subject } }),
    events: { [change.kind === 'claims' ? CLAIMS_CHANGED : ENDED]: event },
  }
  return { jti, claims }
}

function toSeconds(at: number): number {
  return Math.floor(at / 1000)
}
