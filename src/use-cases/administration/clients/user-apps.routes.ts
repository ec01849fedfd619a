import { DOCUMENT_URL_MAXIMUM } from '#domain/agents/allowed-documents.ts'
import { AppsOfUserList, presentAppOfUser } from '#domain/grants/app-sign-in.schema.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { readUser } from '../access/access.service.ts'
import { UserParameters } from '../users/users.schema.ts'
import { listAppsOf, signOutOfAppOf } from './user-apps.service.ts'

export function userAppsRoutes(app: App): void {
  app.get(
    '/users/:id/apps',
    {
      config: { access: 'audit:read', besides: 'users:read', refusals: ['user.not_found'] },
      schema: {
        operationId: 'listAppsOfUser',
        summary: 'Apps to which a user is signed in',
        params: UserParameters,
        response: { 200: AppsOfUserList },
      },
    },
    async ({ ctx, params }) => ({
      items: (await listAppsOf(ctx, await readUser(ctx, params))).map(presentAppOfUser),
    }),
  )

  app.delete(
    '/users/:id/apps/:app_id',
    {
      config: {
        access: 'users:write',
        besides: 'audit:read',
        refusals: ['user.not_found', 'role.beyond_own'],
      },
      schema: {
        operationId: 'signUserOutOfApp',
        summary: 'Sign a user out of an app',
        description:
          'Withdraws the consent of the user and ends the app’s tokens at once. Answers in the same way for an app to which the user is not signed in.',
        params: Type.Object({ ...UserParameters.properties, app_id: Type.String({ maxLength: DOCUMENT_URL_MAXIMUM }) }),
        response: { 204: Type.Null({ description: 'Signed out.' }) },
      },
    },
    ({ ctx, params }) => signOutOfAppOf(ctx, params, params.app_id),
  )
}
