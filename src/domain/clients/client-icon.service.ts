// Icons of apps: reads files that are uploaded, stores and finds them.
import { hash } from 'node:crypto'

import { recordEvent } from '#domain/audit/audit.service.ts'
import type { With } from '#foundation/context.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { storableText } from '#foundation/kernel/storable-text.ts'
import { readRasterImage } from '#foundation/platform/images/raster-image.ts'
import * as queries from './client-icon.queries.ts'
import { type ClientIcon, ICON_BYTES_MAXIMUM, iconError, iconTag, isIconSize } from './client-icon.ts'
import type { ClientChangeDeps } from './client.service.ts'
import type { Client } from './client.ts'

/** Returns the icon in a file; of the file, only the picture is kept. Throws `request.validation_failed` with an error at `/icon`. */
export async function readIcon(file: Buffer): Promise<ClientIcon> {
  const found = file.length > ICON_BYTES_MAXIMUM ? 'large' : await readRasterImage(file, isIconSize)
  if (typeof found === 'string') throw new Refusal('request.validation_failed', { fieldErrors: [iconError(found)] })
  return { ...found, digest: hash('sha256', found.content) }
}

/** Returns the icon of an app; undefined for an app without one, and where there is no such app. */
export function findIcon({ db }: With<'db'>, clientId: string): Promise<ClientIcon | undefined> {
  return queries.selectIcon(db, storableText(clientId))
}

/** Returns the digests of the icons of those of these apps that have one, by the id of the app. */
export async function iconsOf({ db }: With<'db'>, clientIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (clientIds.length === 0) return new Map()
  const rows = await queries.selectIconDigests(db, clientIds)
  return new Map(rows.map(({ clientId, digest }) => [clientId, digest]))
}

/** Gives an app that is locked an icon, or takes it away; returns whether that changed anything. */
export async function storeIcon(
  ctx: ClientChangeDeps,
  { id, name }: Pick<Client, 'id' | 'name'>,
  icon: ClientIcon | null,
): Promise<boolean> {
  const before = (await iconsOf(ctx, [id])).get(id)
  if (before === icon?.digest) return false
  await (icon === null ? queries.deleteIconRow(ctx.db, id) : queries.putIcon(ctx.db, id, icon))
  const shown = { icon: iconTag(icon?.digest ?? ''), icon_before: iconTag(before ?? '') }
  await recordEvent(ctx, { action: 'app.changed', details: { app: name, client: id, fields: 'icon', ...shown } })
  return true
}
