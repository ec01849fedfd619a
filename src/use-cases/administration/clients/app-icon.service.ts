// The icon of an app, as admins and the operator change it.
import type { ChangeDeps } from '#domain/authorization/audited-change.service.ts'
import { readIcon, storeIcon } from '#domain/clients/client-icon.service.ts'
import { withApp } from './app-change.service.ts'

/** Gives an app the icon in a file; returns whether that changed it. Throws `app.not_found`, `request.validation_failed`. */
export async function setAppIcon(ctx: ChangeDeps, id: string, file: Buffer): Promise<boolean> {
  const icon = await readIcon(file)
  return withApp(ctx, { id, action: 'app.changed' }, (tx, client) => storeIcon(tx, client, icon))
}

/** Takes the icon of an app away; returns whether it had one. Throws `app.not_found`. */
export function removeAppIcon(ctx: ChangeDeps, id: string): Promise<boolean> {
  return withApp(ctx, { id, action: 'app.changed' }, (tx, client) => storeIcon(tx, client, null))
}
