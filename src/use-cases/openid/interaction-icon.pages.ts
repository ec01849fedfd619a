import type { FastifyRequest } from 'fastify'

import { iconsOf } from '#domain/clients/client-icon.service.ts'
import type { Client } from '#domain/clients/client.ts'
import type { Html } from '#foundation/web/html.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'

/** The icon of an app above a question about it; nothing for an app without one. */
export async function iconAbove(
  { ctx }: Pick<FastifyRequest, 'ctx'>,
  { id, name }: Pick<Client, 'id' | 'name'>,
): Promise<Html | undefined> {
  const icon = (await iconsOf(ctx, [id])).get(id)
  return icon === undefined ? undefined : appIcon({ id, name, icon }, 'large')
}
