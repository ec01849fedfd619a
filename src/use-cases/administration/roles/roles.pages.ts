// The page that lists roles.
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Role } from '#domain/roles/role.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import type { Texts } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { primaryLink } from '#foundation/web/components/button.ts'
import { withIcon } from '#foundation/web/components/icon.ts'
import type { NavigationEntry } from '#foundation/web/components/navigation-entries.ts'
import { label } from '#foundation/web/components/status.ts'
import { dataTable } from '#foundation/web/components/table.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { sendPage } from '#foundation/web/pages/page.ts'
import { permissionsInWords } from '../access/permissions.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { listRoles, type RoleWithUsers } from './roles.service.ts'

export const ROLES_PATH = '/admin/roles'
export const NEW_ROLE_PATH = `${ROLES_PATH}/new`

export function rolePath(name: string, below = ''): string {
  return `${ROLES_PATH}/${encodeURIComponent(name)}${below}`
}

const navigation: NavigationEntry = {
  area: 'admin',
  group: 'people',
  order: 40,
  label: (say) => say.roles.title,
  drawing: 'role',
  key: 'r',
}

export function rolesPages(app: App): void {
  app.get(
    ROLES_PATH,
    { config: { access: 'roles:write', page: true, undocumented: true, compressible: true, navigation } },
    showRoles,
  )
}

async function showRoles({ ctx }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const reader = adminReader(reply)
  const { say } = reader
  const { roles: words } = say
  const roles = await listRoles(ctx)
  return sendPage(reply, {
    title: words.title,
    done: flashSentence(words.done, readFlash(reply)),
    beside: primaryLink(NEW_ROLE_PATH, withIcon('plus', words.add)),
    body: html`<p class="lead">${words.lead}</p>
      ${dataTable({
        caption: words.table,
        kind: 'compact loose',
        columns: [words.name, words.users, words.permissions].map((heading) => ({ label: heading })),
        rows: roles.map((role) => ({ cells: roleCells(reader, role) })),
        empty: html``,
      })}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: '/roles' }),
  })
}

function roleCells({ say }: AdminReader, { role, users }: RoleWithUsers): Html[] {
  const { language } = say
  const about = describedRole(say, role)
  return [
    html`<a href="${rolePath(role.name)}">${roleName(say, role.name)}</a>
      ${role.origin !== 'pages' && label(say.roles.origins[role.origin])}
      ${about !== '' && html`<div class="small">${about}</div>`}`,
    html`${users.toLocaleString(language)}`,
    html`${permissionsInWords(say, role.permissions)}`,
  ]
}

/** What the role is for: its description, or what a built-in one is. */
export function describedRole({ roles }: Texts, { name, description, origin }: Role): string {
  if (origin !== 'built-in') return description
  return name === 'admin' ? roles.builtIn.admin : roles.builtIn.user
}
