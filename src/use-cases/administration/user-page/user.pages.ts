// The overview of one user, and the list of what the pages of a user are composed of.
import type { FastifyReply } from 'fastify'

import type { User } from '#domain/users/user.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { refusalSentence, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { OPTION_HINT_MODULE } from '#foundation/web/components/choice.ts'
import { lineDrawing } from '#foundation/web/components/drawing.ts'
import { moment, momentOrNever } from '#foundation/web/components/moments.ts'
import { cardGrid, factList, section, sectionColumn } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { draftedForm, keepsFields } from '#foundation/web/pages/draft.ts'
import { readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf, EMPTY_FORM, type FormState } from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { valuesSummary } from '#use-cases/page-sections/attributes-section.pages.ts'
import { readUser, type UserRef } from '../access/access.service.ts'
import { refIn, UserPageParameters, userPath, type UserReader, userReader } from '../access/user-reader.pages.ts'
import { accountActionsPages, accountActionsSection } from '../account-status/account-actions.pages.ts'
import { accountExpiryPages, expiryFact } from '../account-status/account-expiry.pages.ts'
import { userDeletionPages } from '../account-status/user-deletion.pages.ts'
import { userReviewPages, userReviewSection } from '../account-status/user-review.pages.ts'
import { reviewOf } from '../account-status/user-review.service.ts'
import { changeOfUserByForm, userAttributesSection } from '../attributes/user-attributes.pages.ts'
import { attributesOfUser } from '../attributes/user-attributes.service.ts'
import { userAppsPages } from '../clients/user-apps.pages.ts'
import { unlockPages } from '../credentials/failed-guesses.pages.ts'
import { userResetPages } from '../credentials/user-reset.pages.ts'
import { userSessionsPages } from '../credentials/user-sessions.pages.ts'
import { userTokensPages } from '../credentials/user-tokens.pages.ts'
import { helpPages } from '../help/help.pages.ts'
import { invitationMail } from '../invitations/invitation.service.ts'
import { userDevicesPages } from '../remembered-devices/user-devices.pages.ts'
import { grantableRoles } from '../users/role-field.pages.ts'
import { changeByForm, detailsSection, KEPT_DETAILS, detailsSummary } from '../users/user-details.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { userGroupsPages } from './user-groups.pages.ts'
import { hasActInHead, invitesInHead, sendUserPage, userHead } from './user-head.pages.ts'
import { invitationSection } from './user-invitation.pages.ts'
import { userTabPages } from './user-tabs.pages.ts'

const schema = { params: UserPageParameters }
const reads = { access: 'users:read', page: true, undocumented: true, compressible: true } as const

export function userPages(app: App): void {
  app.get('/admin/users/:id', { config: reads, schema }, ({ params }, reply) =>
    showUser(reply, refIn(params), draftedForm(reply, userPath(refIn(params)))),
  )

  const writes = { access: 'users:write', page: true, undocumented: true } as const
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

  userTabPages(app)
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

/** The overview: who the user is, and what is done with the account as a whole. */
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
  const head = await userHead(ctx, user)
  const word = readFlash(reply)
  const isSaved = word === 'saved'
  const attributes = await attributesOfUser(ctx, ref)
  const mail = user.secondFactorAt === null ? await invitationMail(ctx, user) : undefined
  return sendUserPage(reply, reader, head, {
    tab: 'overview',
    notice: detailsSummary(say, state, user) ?? valuesSummary(say, furtherDetails, attributes, 'admin'),
    refusal: state.refusal ?? furtherDetails.refusal,
    isSaidBelow: isSaved,
    modules: [OPTION_HINT_MODULE],
    body: html`${userReviewSection(reader, await reviewOf(ctx, user))}
    ${cardGrid([
      sectionColumn(
        detailsSection(reader, {
          state,
          isSaved,
          roles: await grantableRoles(ctx, reader),
          isMain: !hasActInHead(reader, head),
          kept: keepsFields(reply, userPath(ref), KEPT_DETAILS),
        }),
        userAttributesSection(reader, attributes, { state: furtherDetails, isSaved: word === 'attributes' }),
      ),
      sectionColumn(
        invitationSection(reader, head.invitationEnd, { mail, offersToMake: !invitesInHead(reader) }),
        aboutSection(reader, await expiryFact(ctx, reader)),
        accountActionsSection(reader),
      ),
    ])}`,
  })
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

function aboutSection(reader: UserReader, expiry: readonly [string, Html]): Html {
  const { say, config, user } = reader
  const facts = factList([
    [say.user.lastSignIn, momentOrNever(reader, user.lastSignInAt)],
    [say.user.created, user.createdAt === null ? say.user.unknown : moment(reader, user.createdAt)],
    [say.user.password, passwordState(reader, user)],
    expiry,
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
