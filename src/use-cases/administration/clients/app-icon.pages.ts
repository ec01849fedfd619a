// The page on which an admin gives an app an icon. The form carries the file, so that it needs no scripts.
import type { FastifyReply } from 'fastify'

import { iconsOf } from '#domain/clients/client-icon.service.ts'
import { ICON_UPLOAD_MAXIMUM } from '#domain/clients/client-icon.ts'
import { readClient } from '#domain/clients/client.service.ts'
import { withoutTurns } from '#foundation/kernel/given-name.ts'
import type { FieldError, Refusal } from '#foundation/kernel/refusal.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { buttonRow, linkButton, quietButton, submitButton } from '#foundation/web/components/button.ts'
import { fileField } from '#foundation/web/components/field.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { fieldIn } from '#foundation/web/http/redirect.ts'
import {
  answerOf,
  EMPTY_FORM,
  type FormState,
  formSummary,
  refusedForm,
  soleError,
} from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { appIcon, type IconOfApp } from '#use-cases/page-sections/app-icon.pages.ts'
import { adminReader } from '../access/user-reader.pages.ts'
import { removeAppIcon, setAppIcon } from './app-icon.service.ts'
import { appPath, APPS_PATH, appTabPath } from './app-path.ts'
import { AppParameters } from './clients.schema.ts'

const FIELD = 'icon'
const MISSING: FieldError = { pointer: `/${FIELD}`, code: 'field.missing' }

const config = { access: 'apps:write', authentication: 'recent', page: true, undocumented: true } as const
const schema = { params: AppParameters }

export function appIconPages(app: App): void {
  app.get(`${APPS_PATH}/:id/icon`, { config, schema }, ({ params }, reply) => showForm(reply, params.id, EMPTY_FORM))

  app.post(
    `${APPS_PATH}/:id/icon`,
    { bodyLimit: ICON_UPLOAD_MAXIMUM, config: { ...config, bodies: ['form', 'multipart'], fileField: FIELD }, schema },
    async ({ ctx, params, body }, reply) => {
      const file = fieldIn(body, FIELD)
      const refused = (why: Refusal | readonly FieldError[]) => showForm(reply, params.id, refusedForm(body, [], why))
      // A browser sends an empty file where none was chosen.
      if (!Buffer.isBuffer(file) || file.length === 0) return refused([MISSING])
      const { refusal } = await answerOf(setAppIcon(ctx, params.id, file))
      if (refusal?.code === 'app.not_found') throw refusal
      return refusal ? refused(refusal) : redirectWithFlash(reply, appTabPath(params, 'details', '?done=icon-set'))
    },
  )

  app.post(`${APPS_PATH}/:id/icon/remove`, { config, schema }, async ({ ctx, params }, reply) => {
    await removeAppIcon(ctx, params.id)
    return redirectWithFlash(reply, appTabPath(params, 'details', '?done=icon-removed'))
  })
}

async function showForm(reply: FastifyReply, id: string, state: FormState): Promise<FastifyReply> {
  const { ctx } = reply.request
  const client = await readClient(ctx, id)
  const icon = (await iconsOf(ctx, [client.id])).get(client.id)
  const { say, config: settings, formToken } = adminReader(reply)
  const { icon: words, title } = say.apps
  const path = appPath(client, '/icon')
  const removal = html`<form method="post" action="${path}/remove">${formToken} ${quietButton(words.remove)}</form>`
  return sendPage(reply, {
    title: [words.title(withoutTurns(client.name)), title],
    heading: withNames(words.title, client.name),
    notice: formSummary(say, state, { [FIELD]: FIELD }),
    refusal: state.refusal,
    body: html`<p class="lead">${words.lead}</p>
      ${preview({ id: client.id, name: client.name, icon })}
      <form class="section" method="post" action="${path}" enctype="multipart/form-data">
        ${formToken}
        ${fileField({
          id: FIELD,
          label: words.file,
          hint: words.fileHint,
          error: soleError(say, state, FIELD),
          accept: 'image/png,image/webp',
        })}
        ${buttonRow(submitButton(say.words.save), linkButton(appTabPath(client, 'details'), say.words.cancel))}
      </form>
      ${icon !== undefined && removal}`,
    api: apiEquivalent(say, settings, {
      method: 'PUT',
      path: `/apps/${client.id}/icon`,
      file: { name: 'icon.png', type: 'image/png' },
      needsSession: true,
    }),
  })
}

/** The icon in each size in which pages show it. */
function preview(app: IconOfApp): Html {
  return html`<div class="who-line">${appIcon(app, 'large')} ${appIcon(app)} ${appIcon(app, 'small')}</div>`
}
