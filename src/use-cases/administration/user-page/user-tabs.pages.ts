// The pages of one user behind the tabs beside the overview. The groups, which have forms of their own, are in `user-groups.pages.ts`.
import type { FastifyReply } from 'fastify'

import { hostsOfTokens } from '#domain/hosts/host.service.ts'
import { listDevicesOf } from '#domain/policies/evaluation/remembering.service.ts'
import { cardGrid, sectionColumn } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { seeOther } from '#foundation/web/pages/page.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { listNamedEvents } from '../audit/events.service.ts'
import { summarizeCredentials } from '../credentials/credentials-summary.service.ts'
import { failedGuessesSection } from '../credentials/failed-guesses.pages.ts'
import { factorsSection } from '../credentials/user-factors.pages.ts'
import { userSessionsSection } from '../credentials/user-sessions.pages.ts'
import { userTokensSection } from '../credentials/user-tokens.pages.ts'
import { helpSection } from '../help/help-section.pages.ts'
import { helpFor } from '../help/help.service.ts'
import { requirementsSection } from '../policies/effective-policy.pages.ts'
import { userDevicesSection } from '../remembered-devices/user-devices.pages.ts'
import { activitySection, RECENT } from './user-activity.pages.ts'
import { hasTab, sendUserPage, type UserHead, userHead, type UserTab } from './user-head.pages.ts'

const schema = { params: UserPageParameters }
const reads = { access: 'users:read', page: true, undocumented: true } as const
const readsMore = { besides: 'users:read', page: true, undocumented: true } as const

export function userTabPages(app: App): void {
  app.get('/admin/users/:id/sign-in', { config: reads, schema }, ({ params }, reply) =>
    showTab(reply, refIn(params), 'sign-in', async (reader, { buckets }) => {
      const { ctx } = reply.request
      const { user } = reader
      const { factors, sessions, tokens } = await summarizeCredentials(ctx, user)
      const devices = await listDevicesOf(ctx, user)
      const hosts = await hostsOfTokens(ctx, tokens)
      return html`${failedGuessesSection(reader, buckets)}
      ${cardGrid([
        sectionColumn(factorsSection(reader, factors), userTokensSection(reader, { tokens, hosts })),
        sectionColumn(
          userSessionsSection(reader, sessions, { hasTokens: tokens.length > 0 }),
          userDevicesSection(reader, devices),
        ),
      ])}`
    }),
  )

  app.get('/admin/users/:id/help', { config: { ...readsMore, access: 'users:help' }, schema }, ({ params }, reply) =>
    showTab(reply, refIn(params), 'help', async (reader) =>
      helpSection(reader, await helpFor(reply.request.ctx, reader.user)),
    ),
  )

  const ofPolicies = { ...readsMore, access: 'policy:write' } as const
  app.get('/admin/users/:id/requirements', { config: ofPolicies, schema }, ({ params }, reply) =>
    showTab(reply, refIn(params), 'requirements', (reader) => requirementsSection(reply.request.ctx, reader)),
  )

  const ofEvents = { ...readsMore, access: 'audit:read' } as const
  app.get('/admin/users/:id/activity', { config: ofEvents, schema }, ({ params }, reply) =>
    showTab(reply, refIn(params), 'activity', async (reader) => {
      const { items } = await listNamedEvents(reply.request.ctx, { about: reader.user.subject, limit: RECENT })
      return activitySection(reader, items)
    }),
  )
}

async function showTab(
  reply: FastifyReply,
  ref: UserRef,
  tab: UserTab,
  content: (reader: UserReader, head: UserHead) => Promise<Html>,
): Promise<FastifyReply> {
  const { ctx } = reply.request
  const user = await readUser(ctx, ref)
  const reader = userReader(reply, user)
  // The help desk helps only users without permissions.
  if (!hasTab(reader, tab)) return seeOther(reply, userPath(user))
  const head = await userHead(ctx, user)
  return sendUserPage(reply, reader, head, { tab, body: await content(reader, head) })
}
