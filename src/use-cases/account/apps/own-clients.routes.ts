import { DOCUMENT_URL_MAXIMUM } from '#domain/agents/allowed-documents.ts'
import { presentAppOfUser } from '#domain/grants/app-sign-in.schema.ts'
import { authenticated } from '#foundation/web/http/access.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { OwnAppsView, presentStartApp } from './own-apps.schema.ts'
import { listOwnSignIns, signOutOfApp } from './own-sign-ins.service.ts'
import { listStartApps } from './start-page.service.ts'

/** Routes for the apps that the user can open, and those to which the user is signed in. */
export function ownClientsRoutes(app: App): void {
  app.get(
    '/users/me/apps',
    {
      config: { access: 'signed-in' },
      schema: {
        operationId: 'listMyApps',
        summary: 'My apps',
        description: 'The apps that I can open, and those to which I am signed in with my account.',
        response: { 200: OwnAppsView },
      },
    },
    async (request) => {
      const ctx = authenticated(request.ctx)
      return {
        start_page: (await listStartApps(ctx)).map(presentStartApp),
        sign_ins: (await listOwnSignIns(ctx)).map(presentAppOfUser),
      }
    },
  )

  app.delete(
    '/users/me/apps/:id',
    {
      // Of a path that cannot be decoded; every id is answered alike.
      config: { access: 'signed-in', refusals: ['request.not_found'] },
      schema: {
        operationId: 'signOutOfMyApp',
        summary: 'Sign out of an app',
        description:
          'Takes back what I agreed to and ends its tokens at once. The app may keep a session of its own. Answers in the same way for an app to which I am not signed in.',
        params: Type.Object({ id: Type.String({ maxLength: DOCUMENT_URL_MAXIMUM }) }),
        response: { 204: Type.Null({ description: 'Signed out.' }) },
      },
    },
    ({ ctx, params }) => signOutOfApp(authenticated(ctx), params.id),
  )
}
