// Which apps hear of what has ended, by their streams: those that may have remembered the user. Tested in hearer.test.ts.
import type { ListedChange } from '#domain/audit/ending.ts'
import type { UserAtApp } from '#domain/grants/user-at-app.service.ts'

/** What one app hears. */
export interface Hearer {
  readonly clientId: string
  /** The sessions that have ended, by the identifiers with which this app may have seen them; null for all of the user. */
  readonly sids: readonly string[] | null
  /** Those that stay. */
  readonly keptSids: readonly string[]
}

/** Which apps hear of a change: `all`, each as of a change without sessions; or these. */
export type Audience = 'all' | readonly Hearer[]

/**
 * Returns which apps hear of a change. Of one about a user: the apps where the user has signed in, and those that serve the APIs for which these apps
 * have got tokens of the user. Of one about an app: that app, and all that serve APIs. All hear of the deletion of a user, since nothing says
 * any more where the user had signed in; the name is random and says nothing to an app that does not know it.
 * @param users what apps may have of the user of the change, and of others
 * @param serving the apps that serve APIs
 */
export function audienceOf(
  change: ListedChange,
  { users, serving }: { readonly users: readonly UserAtApp[]; readonly serving: readonly string[] },
): Audience {
  const { kind, action, subject, sessionId, keptSessionId, clientId } = change
  if (kind === 'everyone' || action === 'user.deleted') return 'all'
  if (kind === 'client') {
    const hearing = clientId === null ? serving : [clientId, ...serving]
    return [...new Set(hearing)].map((id) => ({ clientId: id, sids: null, keptSids: [] }))
  }
  if (subject === null) return 'all'
  const own = users.filter((one) => one.subject === subject)
  const ended = own.filter(
    (one) => (clientId === null || one.clientId === clientId) && (sessionId === null || one.sessionId === sessionId),
  )
  return [...new Set(ended.flatMap(hearing))].map((id) => ({
    clientId: id,
    sids: sessionId === null ? null : sidsFor(id, ended),
    keptSids:
      keptSessionId === null
        ? []
        : sidsFor(
            id,
            own.filter((one) => one.sessionId === keptSessionId),
          ),
  }))
}

function hearing({ clientId, servedBy }: UserAtApp): string[] {
  return servedBy === null ? [clientId] : [clientId, servedBy]
}

/** The sessions as an app may have seen them: its own, and those in the tokens of other apps for its APIs. */
function sidsFor(id: string, users: readonly UserAtApp[]): string[] {
  const seen = users.filter((one) => hearing(one).includes(id))
  return [...new Set(seen.flatMap(({ sid }) => sid ?? []))]
}
