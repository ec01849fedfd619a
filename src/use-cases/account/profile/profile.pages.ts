import type { FastifyReply, FastifyRequest } from 'fastify'

import { isMailOn } from '#domain/mail/mail.service.ts'
import type { With } from '#foundation/context.ts'
import { matchesForm } from '#foundation/kernel/optimistic-locking.ts'
import { permissionsOf, type PrincipalUser } from '#foundation/kernel/principal.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { dangerLink, secondaryButton } from '#foundation/web/components/button.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { cardGrid, factList, rowList, section, sectionColumn } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import { hasSingleKeys } from '#foundation/web/http/single-keys.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { draftedForm, keepsFields } from '#foundation/web/pages/draft.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf, EMPTY_FORM, type FormState, readForm, refusedForm } from '#foundation/web/pages/form.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { valuesSummary } from '#use-cases/page-sections/attributes-section.pages.ts'
import { changeOwnByForm, OWN_ATTRIBUTES_PATH, ownAttributesSection } from '../attributes/own-attributes.pages.ts'
import { ownAttributes } from '../attributes/own-attributes.service.ts'
import { ownNoticesSection, type EmailNote, emailNote } from '../notices/own-notices.pages.ts'
import { loadOwnAccount } from '../own-account/own-account.service.ts'
import { policyNotice } from '../own-account/policy-notice.pages.ts'
import { profileForm, profileSummary, profileTag } from './profile-form.pages.ts'
import { changeProfile, type OwnChanges } from './profile.service.ts'

const ProfileForm = Type.Object({
  username: Type.String(),
  email: Type.Optional(Type.String()),
  full_name: Type.Optional(Type.String()),
  locale: Type.Optional(Type.String({ maxLength: 64 })),
  time_zone: Type.Optional(Type.String({ maxLength: 64 })),
  seen: Type.Optional(Type.String()),
})

const KEPT = Object.keys(ProfileForm.properties)

const config = { access: 'signed-in', page: true, undocumented: true } as const

const navigation: readonly NavigationEntry[] = [
  { area: 'account', order: 10, anchor: 'details', label: (say) => say.account.details, drawing: 'user' },
  { area: 'account', order: 20, anchor: 'about', label: (say) => say.account.about, drawing: 'shield' },
  { area: 'account', order: 30, anchor: 'notices', label: (say) => say.ownNotices.title, drawing: 'mail' },
  { area: 'account', order: 50, anchor: 'delete', label: (say) => say.account.deletion.title, drawing: 'trash' },
]

export function profilePages(app: App): void {
  app.get('/account', { config: { ...config, navigation } }, (request, reply) =>
    showProfile(request, reply, draftedForm(reply, '/account'), signedIn(request.ctx).principal.user),
  )

  app.post('/account', { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { user } = ctx.principal
    const form = readForm(ProfileForm, request.body)
    if ('fieldErrors' in form)
      return showProfile(request, reply, refusedForm(request.body, KEPT, form.fieldErrors), user)
    const { answer, refusal } = await answerOf(
      changeProfile(ctx, wantedIn(form.value), matchesForm(form.value.seen, profileTag)),
    )
    // Leads to the re-authentication that a new email needs.
    if (
      refusal?.code === 'access.reauthentication_required' ||
      refusal?.code === 'access.stronger_authentication_required'
    )
      throw refusal
    if (refusal) {
      return showProfile(request, reply, refusedForm(request.body, KEPT, refusal), await loadOwnAccount(ctx))
    }
    return redirectWithFlash(reply, `/account?done=${doneWord(ctx, form.value.email, answer, user)}`)
  })

  app.post(OWN_ATTRIBUTES_PATH, { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const refused = await changeOwnByForm(ctx, request.body)
    if (refused) return showProfile(request, reply, EMPTY_FORM, ctx.principal.user, refused)
    return redirectWithFlash(reply, '/account?done=attributes')
  })
}

/** What the next page says: of a new email whether it waits for its confirmation. */
function doneWord(
  { config }: With<'config'>,
  typed: string | undefined,
  now: PrincipalUser,
  before: PrincipalUser,
): string {
  if (isMailOn(config) && typed && typed !== before.email) return 'email-sent'
  return now.email !== null && now.email !== before.email ? 'address' : 'saved'
}

/** A browser sends every field, so an empty one means null. */
function wantedIn(typed: Static<typeof ProfileForm>): OwnChanges {
  const { username, email = null, full_name: fullName = null, locale = null, time_zone: timeZone = null } = typed
  return { username, email, fullName, locale, timeZone }
}

/** Shows the profile of `user`, as stored now; `furtherDetails` is the state of their form. */
async function showProfile(
  request: FastifyRequest,
  reply: FastifyReply,
  state: FormState,
  user: PrincipalUser,
  furtherDetails: FormState = EMPTY_FORM,
): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const ctx = signedIn(request.ctx)
  const word = readFlash(reply)
  const isSaved = word === 'saved'
  const attributes = await ownAttributes(ctx)
  const said = isSaved ? undefined : flashSentence({ ...say.account.done, ...say.ownNotices.done }, word)
  const reminder = await policyNotice(ctx, say, user, () => ({
    href: '/account/security',
    label: say.rollout.noticeAction,
  }))
  const refusal = state.refusal ?? furtherDetails.refusal
  const email = await emailNote(ctx, say, formToken(request))
  const details = profileSection(request, say, state, user, {
    isSaved,
    kept: keepsFields(reply, '/account', KEPT),
    email,
  })
  const notices = await ownNoticesSection(ctx, say, formToken(request))
  const own = ownAttributesSection(ctx, say, attributes, {
    state: furtherDetails,
    formToken: formToken(request),
    isSaved: word === 'attributes',
  })
  return sendPage(reply, {
    title: say.account.title,
    notice:
      profileSummary(say, state, user) ??
      valuesSummary(say, furtherDetails, attributes, 'user') ??
      (said === undefined ? reminder : undefined),
    done: said,
    refusal,
    modules: ['time-zone'],
    body: html`${details} ${own}
    ${cardGrid([
      sectionColumn(
        aboutUser(say, user),
        permissionsOf(request.ctx.principal).length > 0 ? keyboardSection(request, say) : undefined,
      ),
      ...(notices === undefined ? [] : [notices]),
    ])}
    ${deletion(say)}`,
  })
}

interface ShownProfile {
  readonly isSaved: boolean
  /** Hidden fields that keep the form if its session ends. */
  readonly kept: Html
  readonly email: EmailNote | undefined
}

function profileSection(
  request: FastifyRequest,
  say: Texts,
  state: FormState,
  user: PrincipalUser,
  { isSaved, kept, email }: ShownProfile,
): Html {
  return section({
    id: 'details',
    title: say.account.details,
    outcome: isSaved && say.account.done.saved,
    body: html`${profileForm(say, state, user, {
      formToken: html`${formToken(request)} ${kept}`,
      allZones: fieldIn(request.query, 'zones') === 'all',
      emailHint: email?.hint,
    })}
    ${email?.form}`,
    api: apiEquivalent(say, request.ctx.config, {
      method: 'PATCH',
      path: '/users/me',
      body: { full_name: user.fullName },
    }),
  })
}

function aboutUser(say: Texts, { role, secondFactorAt }: PrincipalUser): Html {
  const { account } = say
  const facts = factList([
    [account.role, roleName(say, role)],
    [account.secondStep, secondFactorAt === null ? account.secondStepOff : account.secondStepOn],
  ])
  return section({ id: 'about', title: account.about, body: facts })
}

/** Admins turn single keys off here, since a voice may press them by accident (WCAG 2.1.4). */
function keyboardSection(request: FastifyRequest, { keyboard: { setting } }: Texts): Html {
  const isOn = hasSingleKeys(request)
  const body = html`<p>${isOn ? setting.on : setting.off}</p>
    <form method="post" action="/single-keys">
      ${formToken(request)}
      <input type="hidden" name="keys" value="${isOn ? 'off' : 'on'}" />
      ${secondaryButton(isOn ? setting.turnOff : setting.turnOn)}
    </form>`
  return section({ id: 'keyboard', title: setting.title, lead: setting.lead, body })
}

function deletion({ account: { deletion: say } }: Texts): Html {
  const body = rowList([{ name: say.lead, action: dangerLink('/account/delete', say.title) }], 'tight')
  return section({ id: 'delete', title: say.title, body, tone: 'danger' })
}
