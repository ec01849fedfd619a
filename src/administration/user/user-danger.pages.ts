import type { FastifyReply } from 'fastify'

import type { Refusal } from '../../kernel/refusal.ts'
import type { App } from '../../web/app.ts'
import { banner } from '../../web/components/banner.ts'
import {
  buttonRow,
  dangerButton,
  dangerLink,
  linkButton,
  secondaryButton,
  sureButton,
} from '../../web/components/button.ts'
import { withNames } from '../../web/components/person-name.ts'
import { rowList } from '../../web/components/row-list.ts'
import { sameWithTheApi } from '../../web/components/same-with-the-api.ts'
import { section } from '../../web/components/section.ts'
import { seeDone } from '../../web/done.ts'
import { answerOf } from '../../web/form.ts'
import { html } from '../../web/html.ts'
import type { Html } from '../../web/html.ts'
import { sendPage } from '../../web/page.ts'
import { refusalSentence } from '../../web/texts.ts'
import { disableUser, enableUser } from './standing.service.ts'
import { readUser } from './target.service.ts'
import type { UserRef } from './target.service.ts'
import { actionForm, nameOfUser, PersonParameters, readerFor, refIn, userPath } from './user-reader.pages.ts'
import type { PageRequest, UserReader } from './user-reader.pages.ts'

const config = { access: 'users:write', page: true, undocumented: true } as const
const schema = { params: PersonParameters }

/** Turning an account off asks first, since it signs somebody out; on again it needs no question. */
export function userDangerPages(app: App): void {
  app.get('/admin/users/:id/disable', { config, schema }, (request, reply) =>
    askToDisable(request, reply, refIn(request.params)),
  )

  app.post('/admin/users/:id/disable', { config, schema }, async (request, reply) => {
    const ref = refIn(request.params)
    const { refusal } = await answerOf(disableUser(request.ctx, ref))
    if (refusal) return askToDisable(request, reply, ref, refusal)
    return seeDone(reply, userPath(ref, '?done=disabled'))
  })

  app.post('/admin/users/:id/enable', { config, schema }, async (request, reply) => {
    const ref = refIn(request.params)
    await enableUser(request.ctx, ref)
    return seeDone(reply, userPath(ref, '?done=enabled'))
  })
}

/** What cannot be undone, or throws somebody out. On one’s own page only why none of it is there. */
export function dangerSection(reader: UserReader): Html {
  const { say, isOwn } = reader
  const { danger } = say.user
  const own = html`<p>${danger.own}</p>
    <p>${linkButton('/account/security', danger.security)}</p>`
  return section({ id: 'danger', title: danger.title, body: isOwn ? own : dangerRows(reader), tone: 'danger' })
}

function dangerRows(reader: UserReader): Html {
  const { say, user } = reader
  const { danger, sessions } = say.user
  const linkTo = (below: string, label: string) => dangerLink(userPath(user, below), label)
  const standing = user.disabled
    ? {
        name: danger.enable,
        detail: danger.enableDetail,
        action: actionForm(reader, '/enable', secondaryButton(danger.enable)),
      }
    : { name: danger.disable, detail: danger.disableDetail, action: linkTo('/disable', danger.disable) }
  return rowList([
    {
      name: danger.reset,
      detail: danger.resetDetail,
      action: linkTo('/reset-second-step', danger.reset),
    },
    {
      name: sessions.endAll,
      detail: danger.signOutDetail,
      action: actionForm(reader, '/sign-out', dangerButton(sessions.endAll)),
    },
    standing,
    { name: danger.remove, detail: danger.removeDetail, action: linkTo('/delete', danger.remove) },
  ])
}

async function askToDisable(
  request: PageRequest,
  reply: FastifyReply,
  ref: UserRef,
  refusal?: Refusal,
): Promise<FastifyReply> {
  const user = await readUser(request.ctx, ref)
  const { say, config: settings, formToken } = readerFor(request, reply, user)
  const { disable } = say.user
  return sendPage(reply, {
    title: [disable.title, nameOfUser(user), say.users.title],
    heading: withNames(disable.question, nameOfUser(user)),
    frame: 'admin',
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    failed: refusal !== undefined,
    body: html`<ul>
        ${disable.consequences.map((one) => html`<li>${one}</li>`)}
      </ul>
      <form method="post" action="${userPath(user, '/disable')}">
        ${formToken} ${buttonRow(sureButton(disable.submit), linkButton(userPath(user), disable.cancel))}
      </form>
      ${sameWithTheApi(say, settings, { method: 'POST', path: `/users/${user.id}/disable` })}`,
  })
}
