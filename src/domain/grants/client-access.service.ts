// Whether a user may use an app, and what the app got for the user, as the rows are now: asked at the authorization and at each use.
import { dependsOnGroups, mayUse, type Restriction, restrictionOf } from '#domain/clients/app-access.ts'
import { restrictedClients } from '#domain/clients/client.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { groupsAmong, groupsOfEachAmong } from '#domain/groups/membership.service.ts'
import type { With } from '#foundation/context.ts'
import type { PrincipalUser } from '#foundation/kernel/principal.ts'
import { ageCountsAt, isRecent, reachesLevel } from './client-access.ts'
import type { LivingToken } from './token.service.ts'

/**
 * Returns the restriction of an app that a user does not meet; undefined for one who may use the app. The groups of the user cost a query, only
 * where they decide.
 */
export async function unmetRestriction(
  ctx: With<'db'>,
  client: Client,
  { subject, role }: Pick<PrincipalUser, 'subject' | 'role'>,
): Promise<Restriction | undefined> {
  const isByGroup = dependsOnGroups(client, role)
  const groupIds = isByGroup ? await groupsAmong(ctx, subject, client.allowedGroups) : []
  return mayUse(client, { role, groupIds }) ? undefined : restrictionOf(client)
}

/** That a user is signed in to an app. */
interface UseOfApp {
  readonly clientId: string
  readonly user: Pick<PrincipalUser, 'subject' | 'role'>
}

/** Returns those of the uses whose user does not meet the restriction of the app, by two queries at most. A deleted app has none. */
export async function unmetUses<Use extends UseOfApp>(ctx: With<'db'>, uses: readonly Use[]): Promise<Use[]> {
  const ids = new Set(uses.map(({ clientId }) => clientId))
  const restricted = new Map((await restrictedClients(ctx, [...ids])).map((client) => [client.id, client]))
  const decided = uses.filter(({ clientId, user: { role } }) => {
    const client = restricted.get(clientId)
    return client !== undefined && dependsOnGroups(client, role)
  })
  const subjects = new Set(decided.map(({ user }) => user.subject))
  const named = new Set(decided.flatMap(({ clientId }) => restricted.get(clientId)?.allowedGroups ?? []))
  const groups = await groupsOfEachAmong(ctx, [...subjects], [...named])
  return uses.filter(({ clientId, user: { subject, role } }) => {
    const client = restricted.get(clientId)
    return client !== undefined && !mayUse(client, { role, groupIds: groups.get(subject) ?? [] })
  })
}

/** Whether a token may be used now, by what its app requires. */
export async function meetsClient(ctx: With<'db' | 'now'>, client: Client, living: LivingToken): Promise<boolean> {
  const at = ageCountsAt(living, ctx.now)
  if (!reachesLevel(client, living) || (at !== undefined && !isRecent(client, living, at))) return false
  return (await unmetRestriction(ctx, client, living.user)) === undefined
}
