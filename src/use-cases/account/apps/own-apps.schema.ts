import { iconPath } from '#domain/clients/client-icon.ts'
import { AppOfUserView } from '#domain/grants/app-sign-in.schema.ts'
import { named, nullable } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import type { StartApp } from './start-page.service.ts'

const StartAppView = named(
  'StartApp',
  Type.Object({
    id: Type.String({ description: 'The client id.' }),
    name: Type.String(),
    start_url: Type.String(),
    icon_url: nullable(Type.String({ description: 'The path of its icon, which changes with the icon.' })),
  }),
)

export const OwnAppsView = named(
  'MyApps',
  Type.Object(
    {
      start_page: Type.Array(StartAppView, { description: 'The apps that I can open.' }),
      sign_ins: Type.Array(AppOfUserView, { description: 'The apps to which I am signed in, or have agreed to be.' }),
    },
    { description: 'Each by name.' },
  ),
)

export function presentStartApp({ id, name, startUrl, icon }: StartApp): Static<typeof StartAppView> {
  return { id, name, start_url: startUrl, icon_url: icon === undefined ? null : iconPath(id, icon) }
}
