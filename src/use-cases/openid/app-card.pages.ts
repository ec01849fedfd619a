import type { FastifyReply, FastifyRequest } from 'fastify'

import { iconsOf } from '#domain/clients/client-icon.service.ts'
import type { Client } from '#domain/clients/client.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Page, sendPage } from '#foundation/web/pages/page.ts'
import { appIcon } from '#use-cases/page-sections/app-icon.pages.ts'

type Card = Omit<Page, 'title' | 'heading' | 'frame' | 'above'> & { readonly title: (name: string) => string }

/** Sends a card about an app: its name in the title, and its icon above, if it has one. */
export async function sendAppCard(
  { ctx }: Pick<FastifyRequest, 'ctx'>,
  reply: FastifyReply,
  { id, name }: Pick<Client, 'id' | 'name'>,
  { title, ...page }: Card,
): Promise<FastifyReply> {
  const icon = (await iconsOf(ctx, [id])).get(id)
  return sendPage(reply, {
    ...page,
    title: title(name),
    heading: withNames(title, name),
    frame: 'card',
    above: icon === undefined ? undefined : appIcon({ id, name, icon }, 'large'),
  })
}
