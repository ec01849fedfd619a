import type { FastifyReply, FastifyRequest } from 'fastify'

import { type Texts, texts } from '#foundation/texts/texts.ts'
import { nextSteps } from '#foundation/web/components/next-steps.ts'
import { chip } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { withNext } from '#foundation/web/http/redirect.ts'
import { localeOf, seeOther } from '#foundation/web/pages/page.ts'
import { appEnrolmentPages } from './app-enrolment.pages.ts'
import {
  APP_ENROLMENT,
  atEnrolment,
  ENROLMENT,
  enrolmentPath,
  PASSKEY_ENROLMENT,
  sendEnrolment,
} from './enrolment-frame.pages.ts'
import { passkeyEnrolmentPages } from './passkey-enrolment.pages.ts'

/** The pages of an enrolment: the choice of a second factor, its set-up, and the recovery codes. */
export function enrolmentPages(app: App): void {
  const config = { access: 'attempt', page: true, undocumented: true } as const
  app.get(ENROLMENT, { config }, (request, reply) => showChoice(request, reply))
  appEnrolmentPages(app)
  passkeyEnrolmentPages(app)
}

/** Shows the choice; redirects to the page of the only factor where there is one, because of the policies or because browsers cannot create passkeys for this server. */
function showChoice(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { query } = request
  return atEnrolment(request, reply, (enrolling) => {
    const path = enrolmentPath(enrolling.allowed)
    if (path !== ENROLMENT) return seeOther(reply, withNext(path, query))
    const say = texts(localeOf(reply))
    if (enrolling.allowed.length === 0)
      return sendEnrolment(reply, enrolling, {
        title: say.enrolment.title,
        body: html`<p class="lead">${say.enrolment.nothingAllowed}</p>`,
      })
    return sendEnrolment(reply, enrolling, {
      title: say.enrolment.title,
      // Passkeys need scripts, so a browser without them has nothing to choose.
      withoutScripts: withNext(APP_ENROLMENT, query),
      body: html`<p class="lead">${say.enrolment.why}</p>
        ${factorLinks(say, query)}`,
    })
  })
}

function factorLinks({ enrolment: say }: Texts, query: unknown): Html {
  const passkey = html`${say.passkey} ${chip('info', say.recommended)}`
  return nextSteps([
    { href: withNext(PASSKEY_ENROLMENT, query), drawing: 'passkey', label: passkey, detail: say.passkeyText },
    { href: withNext(APP_ENROLMENT, query), drawing: 'app', label: say.app, detail: say.appText },
  ])
}
