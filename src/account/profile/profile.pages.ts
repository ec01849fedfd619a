import type { FastifyReply, FastifyRequest } from 'fastify'
import { redirectWithFlash } from '../../web/done.ts'
import { flashBanner, readFlash } from '../../web/just-done.ts'
import { Type } from '../../web/type.ts'
import type { Static } from '../../web/type.ts'

import type { PrincipalUser } from '../../kernel/caller.ts'
import { matchesForm } from '../../users/as-shown.ts'
import { signedIn } from '../../web/access.ts'
import type { App } from '../../web/app.ts'
import { dangerLink } from '../../web/components/button.ts'
import { factList } from '../../web/components/fact-list.ts'
import { name } from '../../web/components/person-name.ts'
import { apiEquivalent } from '../../web/components/same-with-the-api.ts'
import { section } from '../../web/components/section.ts'
import { answerOf, EMPTY_FORM, readForm, refusedForm } from '../../web/form.ts'
import type { FormState } from '../../web/form.ts'
import { formToken } from '../../web/form-token.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { localeOf, sendPage } from '../../web/page.ts'
import { texts } from '../../web/texts.ts'
import type { Texts } from '../../web/texts.ts'
import { loadOwnAccount } from '../myself.service.ts'
import { profileForm, profileSummary } from './profile-form.pages.ts'
import { profileTag } from './profile-tag.ts'
import { changeProfile } from './profile.service.ts'
import type { OwnChanges } from './profile.service.ts'

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

export function profilePages(app: App): void {
  app.get('/account', { config }, (request, reply) =>
    showProfile(request, reply, { state: EMPTY_FORM, user: signedIn(request.ctx).principal.user }),
  )

  app.post('/account', { config }, async (request, reply) => {
    const ctx = signedIn(request.ctx)
    const { user } = ctx.principal
    const form = readForm(ProfileForm, request.body)
    if ('faults' in form) {
      return showProfile(request, reply, { state: refusedForm(request.body, KEPT, form.faults), user })
    }
    const { answer, refusal } = await answerOf(
      changeProfile(ctx, wantedIn(form.value), matchesForm(form.value.seen, profileTag)),
    )
    if (refusal) {
      const state = refusedForm(request.body, KEPT, refusal)
      return showProfile(request, reply, { state, user: await loadOwnAccount(ctx) })
    }
    const newAddress = answer.email !== null && answer.email !== user.email
    return redirectWithFlash(reply, `/account?done=${newAddress ? 'address' : 'saved'}`)
  })
}

/** A browser sends every field, so one that came empty was emptied. */
function wantedIn(typed: Static<typeof ProfileForm>): OwnChanges {
  const { username, email = null, full_name: fullName = null, locale = null, time_zone: timeZone = null } = typed
  return { username, email, fullName, locale, timeZone }
}

interface Shown {
  readonly state: FormState
  /** As stored now. */
  readonly user: PrincipalUser
}

function showProfile(request: FastifyRequest, reply: FastifyReply, { state, user }: Shown): FastifyReply {
  const say = texts(localeOf(reply))
  return sendPage(reply, {
    title: say.account.title,
    frame: 'account',
    notice: profileSummary(say, state, user) ?? flashBanner(say.account.done, readFlash(reply)),
    refusal: state.refusal,
    failed: state.refusal !== undefined,
    body: html`<p class="lead">${say.account.signedInAs} <strong class="name">${name(user.username)}</strong>.</p>
      ${section({
        id: 'details',
        title: say.account.details,
        body: html`${profileForm(say, state, { user, formToken: formToken(request) })}
        ${apiEquivalent(say, request.ctx.config, { method: 'PATCH', path: '/users/me', body: { full_name: user.fullName } })}`,
      })}
      ${aboutUser(say, user)} ${deletion(say)}`,
  })
}

function aboutUser({ account }: Texts, { role, secondFactorAt }: PrincipalUser): Html {
  const facts = factList([
    [account.role, account.roles[role]],
    [account.secondStep, secondFactorAt === null ? account.secondStepOff : account.secondStepOn],
  ])
  return section({ id: 'about', title: account.about, body: facts })
}

function deletion({ account: { deletion: say } }: Texts): Html {
  const body = html`<p>${dangerLink('/account/delete', say.title)}</p>`
  return section({ id: 'delete', title: say.title, lead: say.lead, body, tone: 'danger' })
}
