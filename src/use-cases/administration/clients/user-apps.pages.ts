import { quietButton } from '#foundation/web/components/button.ts'
import { withNames } from '#foundation/web/components/person-name.ts'
import { foldedRows, section } from '#foundation/web/components/section.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { signInRow } from '#use-cases/page-sections/app-sign-ins.pages.ts'
import type { NamedSignIn } from '#use-cases/page-sections/app-sign-ins.service.ts'
import { actionForm, mayDo, refIn, UserPageParameters, userPath, type UserReader } from '../access/user-reader.pages.ts'
import { signOutOfAppOf } from './user-apps.service.ts'

export function userAppsPages(app: App): void {
  const config = { access: 'users:write', besides: 'audit:read', page: true, undocumented: true } as const
  const schema = { params: Type.Object({ ...UserPageParameters.properties, app: Type.String() }) }
  app.post('/admin/users/:id/apps/:app/end', { config, schema }, async ({ ctx, params }, reply) => {
    await signOutOfAppOf(ctx, refIn(params), params.app)
    return redirectWithFlash(reply, userPath(refIn(params), '/groups?done=app-ended'))
  })
}

export function userAppsSection(reader: UserReader, signIns: readonly NamedSignIn[]): Html | undefined {
  if (signIns.length === 0) return undefined
  const { signIns: words, ofUser } = reader.say.ownApps
  const rows = signIns.map((signIn) => {
    const { id, name } = signIn.client
    const label = html`<span aria-hidden="true">${words.signOut}</span
      ><span class="unseen">${withNames(words.signOutOf, name)}</span>`
    const end = actionForm(reader, `/apps/${encodeURIComponent(id)}/end`, quietButton(label))
    return { ...signInRow(reader, signIn, 'user'), action: mayDo(reader, 'users:write') ? end : undefined }
  })
  return section({ id: 'apps', title: ofUser.title, body: foldedRows(reader.say, rows) })
}
