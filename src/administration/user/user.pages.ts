import type { FastifyReply } from 'fastify'

import { listApiTokens } from '../../api-tokens/api-token.service.ts'
import type { User } from '../../users/user.ts'
import { throttleState } from '../../throttle/throttle.service.ts'
import type { App } from '../../web/app.ts'
import { chip } from '../../web/components/chip.ts'
import { factList } from '../../web/components/fact-list.ts'
import { name } from '../../web/components/person-name.ts'
import { sameWithTheApi } from '../../web/components/same-with-the-api.ts'
import { section } from '../../web/components/section.ts'
import { doneBanner, justDone, seeDone } from '../../web/done.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../web/form.ts'
import type { FormState } from '../../web/form.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { moment } from '../../web/moments.ts'
import { sendPage } from '../../web/page.ts'
import { changeUser } from './change-user.service.ts'
import { listNamedEvents } from '../activity/events.service.ts'
import { listSessionsOf } from './sessions.service.ts'
import { readUser } from './target.service.ts'
import type { UserRef } from './target.service.ts'
import { activitySection, RECENT } from './user-activity.pages.ts'
import { dangerSection, userDangerPages } from './user-danger.pages.ts'
import { userDeletionPages } from './user-deletion.pages.ts'
import { detailsSection, detailsSummary } from './user-details.pages.ts'
import { asSeen, changesIn, DetailsForm, faultsOfDetails, KEPT_DETAILS } from './user-details.schema.ts'
import { heldFactors } from './held-factors.service.ts'
import { factorsSection } from './user-factors.pages.ts'
import { invitationSection } from './user-invitation.pages.ts'
import { invitationEnds } from '../users/user-list.service.ts'
import { nameOfUser, PersonParameters, readerFor, refIn, userPath } from './user-reader.pages.ts'
import type { PageRequest, UserReader } from './user-reader.pages.ts'
import { userResetPages } from './user-reset.pages.ts'
import { sessionsSection, userSessionsPages } from './user-sessions.pages.ts'
import { tokensSection, userTokensPages } from './user-tokens.pages.ts'
import { triesSection, userTriesPages } from './user-tries.pages.ts'
import { statusChip } from '../users/users-table.pages.ts'

/** One user: who they are, how they come in, what happened, and what an admin can do about it. */
export function userPages(app: App): void {
  const schema = { params: PersonParameters }
  const reads = { access: 'users:read', page: true, undocumented: true } as const
  app.get('/admin/users/:id', { config: reads, schema }, (request, reply) =>
    showUser(request, reply, refIn(request.params), EMPTY_FORM),
  )

  const writes = { ...reads, access: 'users:write' } as const
  app.post('/admin/users/:id', { config: writes, schema }, async (request, reply) => {
    const { ctx, body } = request
    const ref = refIn(request.params)
    const form = readForm(DetailsForm, body)
    if ('faults' in form) {
      return showUser(request, reply, ref, refusedForm(body, KEPT_DETAILS, faultsOfDetails(form.faults)))
    }
    const { refusal } = await answerOf(changeUser(ctx, ref, changesIn(form.value), asSeen(form.value.seen)))
    if (refusal) return showUser(request, reply, ref, refusedForm(body, KEPT_DETAILS, refusal))
    return seeDone(reply, userPath(ref, '?done=saved'))
  })

  userSessionsPages(app)
  userTriesPages(app)
  userResetPages(app)
  userTokensPages(app)
  userDangerPages(app)
  userDeletionPages(app)
}

async function showUser(
  request: PageRequest,
  reply: FastifyReply,
  ref: UserRef,
  state: FormState,
): Promise<FastifyReply> {
  const { ctx } = request
  const user = await readUser(ctx, ref)
  const reader = readerFor(request, reply, user)
  const { say } = reader
  return sendPage(reply, {
    title: [nameOfUser(user), say.users.title],
    frame: 'admin',
    notice: detailsSummary(say, state, user) ?? doneBanner(say.user.done, justDone(reply)),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`${head(reader)} ${detailsSection(reader, state)} ${await sectionsFor(ctx, reader)}
    ${dangerSection(reader)}`,
  })
}

async function sectionsFor(ctx: PageRequest['ctx'], reader: UserReader): Promise<Html> {
  const { user } = reader
  const ends = await invitationEnds(ctx, [user])
  const { items } = await listNamedEvents(ctx, { about: user.subject, limit: RECENT })
  return html`${factorsSection(reader, await heldFactors(ctx, user.subject))}
  ${invitationSection(reader, ends.get(user.subject))} ${triesSection(reader, await throttleState(ctx, user.subject))}
  ${sessionsSection(reader, await listSessionsOf(ctx, user))}
  ${tokensSection(reader, await listApiTokens(ctx, user.subject))} ${activitySection(reader, items)}`
}

function head(reader: UserReader): Html {
  const { say, config, user, isOwn } = reader
  const role = user.role === 'admin' && chip('person', say.account.roles.admin)
  const facts = factList([
    [say.user.lastSignIn, user.lastSignInAt === null ? say.words.never : moment(reader, user.lastSignInAt)],
    [say.user.created, user.createdAt === null ? say.user.unknown : moment(reader, user.createdAt)],
    [say.user.password, passwordState(reader, user)],
    [say.user.subject, html`<code>${user.subject}</code>`],
  ])
  // Whoever has no full name bears the username as the heading.
  const username = user.fullName?.trim() && html`<strong class="name">${name(user.username)}</strong>`
  return html`<p class="lead">${username} ${statusChip(reader, user)} ${role} ${isOwn && chip('info', say.user.you)}</p>
    ${section({
      id: 'about',
      title: say.user.about,
      body: html`${facts} ${sameWithTheApi(say, config, { method: 'GET', path: `/users/${user.id}` })}`,
    })}`
}

function passwordState(reader: UserReader, { hashedPassword, passwordChangedAt, passwordChangeAskedAt }: User): Html {
  const { user: words } = reader.say
  if (hashedPassword === null) return html`${words.passwordNone}`
  if (passwordChangeAskedAt !== null) return html`${words.passwordAsked}`
  return html`${words.passwordSet} ${passwordChangedAt !== null && moment(reader, passwordChangedAt)}`
}
