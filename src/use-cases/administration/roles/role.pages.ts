// The page of one role, and the page that deletes it.
import type { FastifyReply } from 'fastify'

import { mayManage, type Role } from '#domain/roles/role.ts'
import type { With } from '#foundation/context.ts'
import { withQuery } from '#foundation/kernel/query-string.ts'
import type { Refusal } from '#foundation/kernel/refusal.ts'
import { roleName } from '#foundation/texts/role-name.ts'
import { refusalSentence } from '#foundation/texts/texts.ts'
import { apiEquivalent } from '#foundation/web/components/api-equivalent.ts'
import { confirmDangerButton, dangerLink, linkButton } from '#foundation/web/components/button.ts'
import { withNames, name } from '#foundation/web/components/person-name.ts'
import { section, panel, rowList } from '#foundation/web/components/section.ts'
import { banner, label } from '#foundation/web/components/status.ts'
import { type Html, html } from '#foundation/web/html.ts'
import type { App } from '#foundation/web/http/app.ts'
import { flashSentence, readFlash } from '#foundation/web/pages/flash.ts'
import { answerOf } from '#foundation/web/pages/form.ts'
import { redirectWithFlash, sendPage } from '#foundation/web/pages/page.ts'
import { userFace, userFaceWithLine } from '../access/face.pages.ts'
import { permissionList } from '../access/permissions.pages.ts'
import { type AdminReader, adminReader } from '../access/user-reader.pages.ts'
import { USERS_PATH } from '../users/user-list-query.ts'
import { listUsers } from '../users/user-list.service.ts'
import { describedRole, rolePath, ROLES_PATH } from './roles.pages.ts'
import { RoleReference } from './roles.schema.ts'
import { deleteRole, readRoleWithUsers, type RoleWithUsers } from './roles.service.ts'

const reads = { access: 'roles:write', page: true, undocumented: true } as const
const deletes = { ...reads, authentication: 'recent' } as const
const schema = { params: RoleReference }

/** How many users the page of a role names. */
const FACES = 8

/** Shows one role, and deletes it after a question. */
export function rolePages(app: App): void {
  app.get(`${ROLES_PATH}/:name`, { config: reads, schema }, ({ params }, reply) => showRole(reply, params.name))

  app.get(`${ROLES_PATH}/:name/delete`, { config: deletes, schema }, ({ params }, reply) =>
    askToDelete(reply, params.name),
  )

  app.post(`${ROLES_PATH}/:name/delete`, { config: deletes, schema }, async ({ ctx, params }, reply) => {
    const { refusal } = await answerOf(deleteRole(ctx, params.name))
    // A repeated submission finds the role deleted, which is a success.
    if (refusal && refusal.code !== 'role.not_found') return askToDelete(reply, params.name, refusal)
    return redirectWithFlash(reply, `${ROLES_PATH}?done=deleted`)
  })
}

async function showRole(reply: FastifyReply, roleReference: string): Promise<FastifyReply> {
  const { ctx } = reply.request
  const reader = adminReader(reply)
  const { say } = reader
  const found = await readRoleWithUsers(ctx, roleReference)
  const { role } = found
  const { roles: words } = say
  const about = describedRole(say, role)
  const isChangeable = role.origin === 'pages' && mayManage(reader.permissions, role.permissions)
  return sendPage(reply, {
    title: [roleName(say, role.name), words.title],
    up: { href: ROLES_PATH, label: words.title },
    done: flashSentence(words.done, readFlash(reply)),
    ...(isChangeable && { beside: linkButton(rolePath(role.name, '/change'), words.change) }),
    body: html`<p class="lead">${about} ${role.origin !== 'pages' && label(words.origins[role.origin])}</p>
      ${whyFixed(reader, found)}
      ${section({ id: 'permissions', title: words.permissions, body: permissionList(say, role.permissions) })}
      ${await usersSection(ctx, reader, found, isChangeable)}
      ${isChangeable && found.users === 0 && deletionSection(reader, role)}`,
    api: apiEquivalent(say, ctx.config, { method: 'GET', path: `/roles/${role.name}` }),
  })
}

/** Why the reader cannot change the role; nothing where they can. */
function whyFixed({ say, permissions }: AdminReader, { role }: RoleWithUsers): Html | undefined {
  const { fixed, beyondOwn } = say.roles
  if (role.origin !== 'pages') return html`<p>${fixed[role.origin]}</p>`
  return mayManage(permissions, role.permissions) ? undefined : html`<p>${beyondOwn}</p>`
}

/**
 * Who has the role: the first by username with their faces, and below them the list of all. While there are some, a role that could be deleted
 * is kept, which is said here.
 */
async function usersSection(
  ctx: With<'db'>,
  { say, permissions }: AdminReader,
  { role, users }: RoleWithUsers,
  isDeletable: boolean,
): Promise<Html> {
  const { roles: words, language } = say
  const mayRead = users > 0 && permissions.includes('users:read')
  const listing = { role: role.name, order: { by: 'username', descending: false }, limit: FACES, after: null } as const
  const { items } = mayRead ? await listUsers(ctx, listing) : { items: [] }
  const rows = items.map((user) => ({
    name: user.fullName ? userFaceWithLine(user, name(user.fullName)) : userFace(user),
  }))
  const { inList } = say.groups.members
  return section({
    id: 'users',
    title: say.users.heading(users.toLocaleString(language)),
    body: html`${mayRead && rowList(rows, 'tight')} ${users === 0 && html`<p>${words.noUsers}</p>`}
    ${mayRead && html`<p class="small"><a href="${withQuery(USERS_PATH, { role: role.name })}">${inList}</a></p>`}
    ${isDeletable && users > 0 && html`<p class="small">${words.deletion.inUse(users)}</p>`}`,
  })
}

function deletionSection({ say }: AdminReader, role: Role): Html {
  const { deletion } = say.roles
  const action = dangerLink(rolePath(role.name, '/delete'), deletion.title)
  return section({
    id: 'danger',
    title: deletion.title,
    tone: 'danger',
    body: rowList([{ detail: deletion.lead, action }]),
  })
}

async function askToDelete(reply: FastifyReply, roleReference: string, refusal?: Refusal): Promise<FastifyReply> {
  const { ctx } = reply.request
  const { say, formToken } = adminReader(reply)
  const { role } = await readRoleWithUsers(ctx, roleReference)
  const { deletion, title } = say.roles
  return sendPage(reply, {
    title: [deletion.question(roleName(say, role.name)), title],
    heading: withNames(deletion.question, roleName(say, role.name)),
    notice: refusal && banner('danger', refusalSentence(say, refusal)),
    refusal,
    body: panel(
      html`<p>${deletion.lead}</p>
        <form method="post" action="${rolePath(role.name, '/delete')}">
          ${formToken}
          <div class="actions">
            ${confirmDangerButton(deletion.submit)} ${linkButton(rolePath(role.name), say.words.cancel)}
          </div>
        </form>`,
    ),
    api: apiEquivalent(say, ctx.config, { method: 'DELETE', path: `/roles/${role.name}`, needsSession: true }),
  })
}
