// The apps that a user can open.
import { mayUse } from '#domain/clients/app-access.ts'
import { iconsOf } from '#domain/clients/client-icon.service.ts'
import { listStartableClients } from '#domain/clients/startable-client.service.ts'
import { groupsAmong } from '#domain/groups/membership.service.ts'
import type { WithAuthenticated } from '#foundation/context.ts'

export interface StartApp {
  readonly id: string
  readonly name: string
  readonly startUrl: string
  /** The digest of its icon. */
  readonly icon: string | undefined
}

/** Returns the apps on the start page of the user, by name: those with a URL that are neither hidden nor disabled, and that the user may use. */
export async function listStartApps(ctx: WithAuthenticated<'db'>): Promise<StartApp[]> {
  const { subject, role } = ctx.principal.user
  const apps = await listStartableClients(ctx)
  const named = new Set(apps.flatMap(({ allowedGroups }) => allowedGroups))
  const groupIds = named.size === 0 ? [] : await groupsAmong(ctx, subject, [...named])
  const usable = apps.filter((app) => mayUse(app, { role, groupIds }))
  const icons = await iconsOf(
    ctx,
    usable.map(({ id }) => id),
  )
  return usable.map(({ id, name, startUrl }) => ({ id, name, startUrl, icon: icons.get(id) }))
}
