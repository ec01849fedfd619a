// The page that composes everything that protects an account, and the list of its factors.
import type { FastifyReply, FastifyRequest } from 'fastify'

import { listApiTokens } from '#domain/api-tokens/api-token.service.ts'
import { listSessionsWithApps } from '#domain/grants/idle-session.service.ts'
import { hostsOfTokens } from '#domain/hosts/host.service.ts'
import { listDevicesOf } from '#domain/policies/evaluation/remembering.service.ts'
import { sessionRulesOf } from '#domain/policies/evaluation/session-rules.service.ts'
import { userPolicy } from '#domain/policies/evaluation/user-policy.service.ts'
import type { UserPolicy } from '#domain/policies/policy.ts'
import { texts } from '#foundation/texts/texts.ts'
import { linkButton } from '#foundation/web/components/button.ts'
import { moment } from '#foundation/web/components/moments.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { cardGrid, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { localeOf, sendPage } from '#foundation/web/pages/page.ts'
import { activityTable } from '../activity/own-activity.pages.ts'
import { listOwnActivity } from '../activity/own-activity.service.ts'
import { listRequestsAboutMe } from '../objections/objections.service.ts'
import { requestsBanner } from '../objections/own-requests.pages.ts'
import { isFactorRequired } from '../own-account/factor-removal.service.ts'
import type { SecurityReader } from '../own-account/own-account.pages.ts'
import { policyNotice } from '../own-account/policy-notice.pages.ts'
import { NEW_PASSKEY } from '../passkeys/own-passkeys.pages.ts'
import { ownDevicesSection } from '../remembered-devices/own-devices.pages.ts'
import { sessionsSection } from '../sessions/own-sessions.pages.ts'
import { remainingTokensSentence, tokensSection } from '../tokens/own-tokens.pages.ts'
import { NEW_APP } from '../totp/own-apps.pages.ts'
import { factorListSection } from './factor-list.pages.ts'
import { listOwnFactors, type OwnFactors } from './own-factors.service.ts'
import { ownRequirements } from './own-requirements.pages.ts'
import { protectionSection } from './protection.pages.ts'

const RECENT = 5

const PATH = '/account/security'
const navigation: readonly NavigationEntry[] = [
  {
    area: 'security',
    order: 10,
    anchor: 'protection',
    label: (say) => say.security.protection.title,
    drawing: 'shield',
  },
  {
    area: 'security',
    order: 20,
    anchor: 'second-step',
    label: (say) => say.security.ways.title,
    drawing: 'passkey',
    below: ['app', 'passkeys', 'recovery-codes'].map((folder) => `${PATH}/${folder}`),
  },
  { area: 'security', order: 30, anchor: 'sessions', label: (say) => say.security.sessions.title, drawing: 'device' },
  {
    area: 'security',
    order: 40,
    anchor: 'password',
    label: (say) => say.security.password.title,
    drawing: 'key',
    below: [`${PATH}/password`],
  },
  {
    area: 'security',
    order: 50,
    anchor: 'api-tokens',
    label: (say) => say.tokens.title,
    drawing: 'code',
    below: [`${PATH}/tokens`],
  },
  {
    area: 'security',
    order: 60,
    anchor: 'activity',
    label: (say) => say.activity.title,
    drawing: 'activity',
    below: ['/account/activity'],
  },
]

export function securityPages(app: App): void {
  const config = { access: 'signed-in', page: true, undocumented: true } as const
  app.get(PATH, { config: { ...config, navigation } }, (request, reply) => showSecurity(request, reply))
}

async function showSecurity(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const say = texts(localeOf(reply))
  const ctx = signedIn(request.ctx)
  const { user, session } = ctx.principal
  const reader = { say, now: ctx.now, timeZone: user.timeZone, config: ctx.config, formToken: formToken(request) }
  const factors = await listOwnFactors(ctx)
  const apps = factors.apps.filter(({ confirmedAt }) => confirmedAt !== null)
  const done = readFlash(reply)
  const removed = done === 'passkey-removed'
  const removable = { app: !(await isFactorRequired(ctx, 'totp')), passkey: !(await isFactorRequired(ctx, 'passkey')) }
  const policy = await userPolicy(ctx, user)
  const sessions = await listSessionsWithApps(ctx, user.subject, await sessionRulesOf(ctx, user))
  const tokens = await listApiTokens(ctx, user.subject)
  const requests = await listRequestsAboutMe(ctx)
  const { items } = await listOwnActivity(ctx, { limit: RECENT })
  const said =
    remainingTokensSentence(say, done, tokens.length) ??
    flashSentence({ ...say.security.done, ...say.rememberedDevices.done }, done)
  const reminder = await policyNotice(ctx, say, user, (needs) => ({
    href: SET_UP[needs],
    label: say.rollout.noticeSetUp[needs],
  }))
  return sendPage(reply, {
    title: say.security.title,
    notice: requestsBanner(say, requests.length) ?? (said === undefined ? reminder : undefined),
    done: said,
    modules: removed ? ['menu', 'signal-passkeys'] : ['menu'],
    body: html`${protectionSection(reader, { ...factors, apps }, user.passwordChangeAskedAt !== null)}
    ${factorListSection(reader, { own: { ...factors, apps }, removable, addable: policy.factors, accepted: removed ? factors.accepted : undefined })}
    ${sessionsSection(reader, { sessions, currentId: session.id })}
    ${ownDevicesSection(reader, await listDevicesOf(ctx, ctx.principal.user))}
    ${cardGrid([passwordSection(reader, factors, policy), tokensSection(reader, { tokens, hosts: await hostsOfTokens(ctx, tokens) })])}
    ${section({
      id: 'activity',
      title: say.security.activity.title,
      action: linkButton('/account/activity', say.security.activity.all),
      body: activityTable(reader, items, user.subject),
    })}`,
  })
}

/** Where the second step is set up that a policy will ask for. */
const SET_UP = { passkey: NEW_PASSKEY, totp: NEW_APP, any: '#second-step' } as const

function passwordSection(
  reader: SecurityReader,
  { hasPassword, passwordChangedAt }: OwnFactors,
  policy: UserPolicy,
): Html {
  const { password } = reader.say.security
  const changed =
    passwordChangedAt === null ? password.unchanged : html`${password.changed} ${moment(reader, passwordChangedAt)}`
  return section({
    id: 'password',
    title: password.title,
    lead: hasPassword ? changed : password.none,
    body: html`<p class="small">${password.consequence}</p>
      ${ownRequirements(reader.say, policy)}`,
    action: linkButton('/account/security/password', password.change),
  })
}
