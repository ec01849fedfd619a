// The page of one user, composed of sections of other subfolders.
import type { FastifyReply } from 'fastify'

import { listDevicesOf } from '#domain/policies/evaluation/remembering.service.ts'
import { throttleState } from '#domain/throttle/throttle-state.service.ts'
import { statusOf, type User } from '#domain/users/user.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { refusalSentence, type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { OPTION_HINT_MODULE } from '#foundation/web/components/choice.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { name } from '#foundation/web/components/person-name.ts'
import { cardGrid, factList, section, sectionColumn } from '#foundation/web/components/section.ts'
import type { SideNavigation } from '#foundation/web/components/side-navigation.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { draftedForm, keepsFields } from '#foundation/web/pages/draft.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf, EMPTY_FORM, type FormState } from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { nameSignIns } from '#use-cases/page-sections/app-sign-ins.service.ts'
import { valuesSummary } from '#use-cases/page-sections/attributes-section.pages.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import {
  mayHelp,
  refIn,
  UserPageParameters,
  userPath,
  type UserReader,
  userReader,
} from '../access/user-reader.pages.ts'
import {
  accountActionsPages,
  accountActionsSection,
  enabling,
  hasAccountActions,
} from '../account-status/account-actions.pages.ts'
import { accountExpiryPages, expiryFact } from '../account-status/account-expiry.pages.ts'
import { userDeletionPages } from '../account-status/user-deletion.pages.ts'
import { userReviewPages, userReviewSection } from '../account-status/user-review.pages.ts'
import { reviewOf } from '../account-status/user-review.service.ts'
import { changeOfUserByForm, userAttributesSection } from '../attributes/user-attributes.pages.ts'
import { attributesOfUser } from '../attributes/user-attributes.service.ts'
import { listNamedEvents } from '../audit/events.service.ts'
import { userAppsPages, userAppsSection } from '../clients/user-apps.pages.ts'
import { listAppsOf } from '../clients/user-apps.service.ts'
import { type CredentialsSummary, summarizeCredentials } from '../credentials/credentials-summary.service.ts'
import { blockedBanner, failedGuessesSection, unlockPages } from '../credentials/failed-guesses.pages.ts'
import { factorsSection } from '../credentials/user-factors.pages.ts'
import { userResetPages } from '../credentials/user-reset.pages.ts'
import { userSessionsPages, userSessionsSection } from '../credentials/user-sessions.pages.ts'
import { userTokensPages, userTokensSection } from '../credentials/user-tokens.pages.ts'
import { helpSection } from '../help/help-section.pages.ts'
import { helpPages } from '../help/help.pages.ts'
import { helpFor } from '../help/help.service.ts'
import { invitationMail } from '../invitations/invitation.service.ts'
import { requirementsFact } from '../policies/effective-policy.pages.ts'
import { userDevicesPages, userDevicesSection } from '../remembered-devices/user-devices.pages.ts'
import { statusChip, userAvatar } from '../users-page/users-table.pages.ts'
import { grantableRoles } from '../users/role-field.pages.ts'
import { changeByForm, detailsSection, KEPT_DETAILS, detailsSummary } from '../users/user-details.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { activitySection, RECENT } from './user-activity.pages.ts'
import { groupsFact, userGroupsPages } from './user-groups.pages.ts'
import { invitationSection } from './user-invitation.pages.ts'

export function userPages(app: App): void {
  const schema = { params: UserPageParameters }
  const reads = { access: 'users:read', page: true, undocumented: true } as const
  app.get('/admin/users/:id', { config: { ...reads, compressible: true }, schema }, ({ params }, reply) =>
    showUser(reply, refIn(params), draftedForm(reply, userPath(refIn(params)))),
  )

  const writes = { ...reads, access: 'users:write' } as const
  app.post('/admin/users/:id', { config: writes, schema }, async ({ ctx, params, body }, reply) => {
    const ref = refIn(params)
    const outcome = await changeByForm(ctx, ref, body)
    if ('refused' in outcome) return showUser(reply, ref, outcome.refused)
    return redirectWithFlash(reply, userPath(ref, `?done=${outcome.done}`))
  })

  app.post('/admin/users/:id/attributes', { config: writes, schema }, async ({ ctx, params, body }, reply) => {
    const ref = refIn(params)
    const refused = await changeOfUserByForm(ctx, ref, body)
    if (refused) return showUser(reply, ref, EMPTY_FORM, refused)
    return redirectWithFlash(reply, userPath(ref, '?done=attributes'))
  })

  userSessionsPages(app)
  unlockPages(app)
  userResetPages(app)
  userTokensPages(app)
  userDevicesPages(app)
  userAppsPages(app)
  accountActionsPages(app)
  userReviewPages(app)
  userDeletionPages(app)
  accountExpiryPages(app)
  userGroupsPages(app)
  helpPages(app)
}

async function showUser(
  reply: FastifyReply,
  ref: UserRef,
  state: FormState,
  furtherDetails: FormState = EMPTY_FORM,
): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { answer: user, refusal } = await answerOf(readUser(ctx, ref))
  if (refusal) return showUnknownUser(reply, refusal)
  const reader = userReader(reply, user)
  const { say } = reader
  const credentials = await summarizeCredentials(ctx, user)
  const review = await reviewOf(ctx, user)
  const buckets = await throttleState(ctx, user.subject)
  const maySeeActivity = reader.permissions.includes('audit:read')
  const { items } = maySeeActivity ? await listNamedEvents(ctx, { about: user.subject, limit: RECENT }) : { items: [] }
  const signIns = maySeeActivity ? await nameSignIns(ctx, user.subject, await listAppsOf(ctx, user)) : []
  const word = readFlash(reply)
  const isSaved = word === 'saved'
  const attributes = await attributesOfUser(ctx, ref)
  const refused = state.refusal ?? furtherDetails.refusal
  const help = mayHelp(reader) ? helpSection(reader, await helpFor(ctx, user)) : undefined
  const enable = enabling(reader)
  const devices = userDevicesSection(reader, await listDevicesOf(ctx, user))
  const [apps, tokens] = [userAppsSection(reader, signIns), userTokensSection(reader, credentials.tokens)]
  const activity = maySeeActivity ? activitySection(reader, items) : undefined
  // The events stand beside what follows the sessions, and have the whole width where nothing does.
  const hasMore = devices !== undefined || apps !== undefined
  return sendPage(reply, {
    title: [reader.name, say.users.title],
    up: { href: USERS_PATH, label: say.users.title },
    heading: html`<span class="with-avatar">${userAvatar(user, 'large')}<span>${name(reader.name)}</span></span>`,
    notice: detailsSummary(say, state, user) ?? valuesSummary(say, furtherDetails, attributes, 'admin'),
    done: isSaved ? undefined : flashSentence(doneSentences(say), word),
    refusal: refused,
    modules: [OPTION_HINT_MODULE],
    tabs: userTabs(reader),
    ...(enable && { beside: enable.form }),
    standing: html`${userStanding(reader, credentials)} ${enable?.hint}`,
    body: html`${blockedBanner(reader, buckets)} ${userReviewSection(reader, review)}
    ${cardGrid([
      sectionColumn(
        detailsSection(reader, {
          state,
          isSaved,
          roles: await grantableRoles(ctx, reader),
          kept: keepsFields(reply, userPath(ref), KEPT_DETAILS),
        }),
        userAttributesSection(reader, attributes, { state: furtherDetails, isSaved: word === 'attributes' }),
        help,
      ),
      sectionColumn(
        aboutSection(
          reader,
          await expiryFact(ctx, reader),
          await groupsFact(ctx, reader),
          ...(await requirementsFact(ctx, reader)),
        ),
        factorsSection(reader, credentials.factors),
        invitationSection(reader, credentials.invitationEnd, await invitationMail(ctx, user)),
      ),
    ])}
    ${failedGuessesSection(reader, buckets)}
    ${cardGrid([
      sectionColumn(userSessionsSection(reader, credentials.sessions), devices, apps),
      sectionColumn(tokens, hasMore ? activity : undefined),
      ...(activity && !hasMore ? [activity] : []),
    ])}
    ${accountActionsSection(reader, credentials)}`,
  })
}

/** What the page says after a form of any of its sections. */
function doneSentences(say: Texts) {
  return {
    ...say.user.done,
    ...say.rememberedDevices.done,
    'app-ended': say.ownApps.ofUser.done,
    'review-lifted': say.userReview.done,
  }
}

/** The page for an unknown or deleted user, with a link to the list of users. */
function showUnknownUser(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: [say.error.titles.missing, say.users.title],
    refusal,
    failed: false,
    above: lineDrawing('ajar'),
    body: html`<p class="lead">${refusalSentence(say, refusal)}</p>
      <p>${primaryLink(USERS_PATH, say.users.card.list)}</p>`,
  })
}

/** Below the heading: the username if the heading is the full name, and the account's status. */
function userStanding(reader: UserReader, { invitationEnd }: CredentialsSummary): Html {
  const { say, now, user, isOwn } = reader
  const ranOut = statusOf(user) === 'invited' && invitationEnd !== undefined && invitationEnd <= now
  // Without a full name the username is the heading already.
  const username = user.fullName?.trim() && html`<strong class="name">${name(user.username)}</strong>`
  return html`${username} ${statusChip(reader, user)} ${ranOut && chip('warn', say.users.invitationEnded)}
  ${user.role !== 'user' && chip('person', roleName(say, user.role))} ${isOwn && chip('info', say.user.you)}`
}

function aboutSection(reader: UserReader, ...further: readonly (readonly [string, Html])[]): Html {
  const { say, config, user } = reader
  const facts = factList([
    [say.user.lastSignIn, momentOrNever(reader, user.lastSignInAt)],
    [say.user.created, user.createdAt === null ? say.user.unknown : moment(reader, user.createdAt)],
    [say.user.password, passwordState(reader, user)],
    ...further,
    [say.user.subject, html`<code>${user.subject}</code>`],
  ])
  return section({
    id: 'about',
    title: say.user.about,
    body: facts,
    api: apiEquivalent(say, config, { method: 'GET', path: `/users/${user.id}` }),
  })
}

function passwordState(reader: UserReader, { hashedPassword, passwordChangedAt, passwordChangeAskedAt }: User): Html {
  const { user: words } = reader.say
  if (hashedPassword === null) return html`${words.passwordNone}`
  if (passwordChangeAskedAt !== null) return html`${words.passwordAsked}`
  return html`${words.passwordSet} ${passwordChangedAt !== null && moment(reader, passwordChangedAt)}`
}

function userTabs(reader: UserReader): SideNavigation {
  const { say, user, permissions } = reader
  const here = userPath(user)
  const { details, factors, sessions, activity, danger } = say.user
  const secondStep = { path: `${here}#second-step`, label: factors.title }
  const help = { path: `${here}#help`, label: say.user.help.title }
  const offered = mayHelp(reader) ? [help] : []
  return {
    label: say.user.navigation,
    links: [
      { path: `${here}#details`, label: details.title },
      ...offered,
      secondStep,
      { path: `${here}#sessions`, label: sessions.title },
      { path: `${here}#api-tokens`, label: say.tokens.title },
      ...(permissions.includes('audit:read') ? [{ path: `${here}#activity`, label: activity.title }] : []),
      ...(hasAccountActions(reader) ? [{ path: `${here}#danger`, label: danger.title }] : []),
    ],
  }
}
