// The apps to which a user is signed in, and the question before the user is signed out of one.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { AppSignIn } from '#domain/grants/app-sign-in.service.ts'
import { type Texts, texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, quietLink, submitButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { rowList, section, panel, lineList } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import { signedIn } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { formToken } from '#foundation/web/http/form-token.ts'
import { Type } from '#foundation/web/http/type.ts'
import { localeOf, redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { signInRow } from '#use-cases/page-sections/app-sign-ins.pages.ts'
import { nameSignIns } from '#use-cases/page-sections/app-sign-ins.service.ts'
import { OWN_APPS_PATH, signOutPath } from './own-apps-path.ts'
import { readOwnSignIn, signOutOfApp } from './own-sign-ins.service.ts'

const config = { access: 'signed-in', page: true, undocumented: true } as const
const schema = { params: Type.Object({ id: Type.String() }) }
const PATH = `${OWN_APPS_PATH}/:id/sign-out`

export function ownSignInsPages(app: App): void {
  app.get(PATH, { config, schema }, (request, reply) => askToSignOut(request, reply, request.params.id))

  app.post(PATH, { config, schema }, async ({ ctx, params }, reply) => {
    await signOutOfApp(signedIn(ctx), params.id)
    return redirectWithFlash(reply, `${OWN_APPS_PATH}?done=signed-out`)
  })
}

/** The section with the apps to which the user is signed in, or has agreed to be. */
export async function signInsSection(
  request: FastifyRequest,
  say: Texts,
  signIns: readonly AppSignIn[],
): Promise<Html> {
  const ctx = signedIn(request.ctx)
  const { subject, timeZone } = ctx.principal.user
  const { signIns: words } = say.ownApps
  const reader = { say, now: ctx.now, timeZone }
  const rows = (await nameSignIns(ctx, subject, signIns)).map((signIn) => ({
    ...signInRow(reader, signIn),
    action: signOutLink(say, signIn),
  }))
  return section({
    id: 'sign-ins',
    title: words.title,
    lead: rows.length === 0 ? words.none : words.lead,
    ...(rows.length > 0 && { body: rowList(rows) }),
  })
}

function signOutLink({ ownApps: { signIns: words } }: Texts, { client, signedInAt }: AppSignIn): Html {
  const [label, whole] = signedInAt === null ? [words.withdraw, words.withdrawFrom] : [words.signOut, words.signOutOf]
  return quietLink(
    signOutPath(client),
    html`<span aria-hidden="true">${label}</span><span class="unseen">${withNames(whole, client.name)}</span>`,
  )
}

async function askToSignOut(request: FastifyRequest, reply: FastifyReply, id: string): Promise<FastifyReply> {
  const ctx = signedIn(request.ctx)
  const say = texts(localeOf(reply))
  const { signOut: words, title } = say.ownApps
  const { client, signedInAt } = await readOwnSignIn(ctx, id)
  const isSignedIn = signedInAt !== null
  return sendPage(reply, {
    title: [words.title, title],
    heading: withNames(isSignedIn ? words.question : words.withdrawQuestion, client.name),
    body: panel(
      html`${lineList([words.ends, ...(isSignedIn ? [words.own] : []), client.trusted ? words.again : words.asks])}
        <form method="post" action="${signOutPath(client)}">
          ${formToken(request)}
          ${buttonRow(submitButton(isSignedIn ? words.submit : words.withdraw), linkButton(OWN_APPS_PATH, say.words.cancel))}
        </form>`,
    ),
    api: apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/users/me/apps/${encodeURIComponent(client.id)}` }),
  })
}
