// The forms on the page of a group that change its members and managers.
import { GroupParameters, LONGEST_MEMBER_LIST } from '#domain/groups/group.schema.ts'
import { readGroup } from '#domain/groups/group.service.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import type { App } from '#foundation/web/http/app.ts'
import { Type } from '#foundation/web/http/type.ts'
import { answerOf, refusedForm, typedText } from '#foundation/web/pages/form.ts'
import { redirectWithFlash } from '#foundation/web/pages/page.ts'
import { redirectAfterAdding, showAdded, wordsInForm } from '#use-cases/page-sections/members.pages.ts'
import { refIn } from '../access/user-reader.pages.ts'
import { findUserBy } from '../users/find-user.service.ts'
import { addListedMembers } from './group-list.service.ts'
import { groupPath, GROUPS_PATH } from './group-path.ts'
import { showGroup } from './group.pages.ts'
import { addGroupManager, removeGroupManager, removeGroupMember } from './groups.service.ts'

const config = { access: 'groups:write', besides: 'users:read', page: true, undocumented: true } as const
const ofGroup = { params: GroupParameters }
/** The id of the user is kept as text, so that a malformed one answers 404 like an unknown one. */
const ofUser = { params: Type.Object({ ...GroupParameters.properties, user: Type.String() }) }

/** The forms by which admins change members and managers. */
export function groupFormsPages(app: App): void {
  app.post(
    `${GROUPS_PATH}/:id/members`,
    { config, schema: ofGroup, bodyLimit: LONGEST_MEMBER_LIST },
    async ({ ctx, params, body }, reply) => {
      const group = await readGroup(ctx, params.id)
      const form = wordsInForm(body)
      if ('fieldErrors' in form) return showGroup(reply, group.id, refusedForm(body, ['users'], form.fieldErrors))
      const lines = await addListedMembers(ctx, group.id, form.words)
      const path = groupPath(group)
      if (lines.every(({ result }) => result === 'added')) return redirectAfterAdding(reply, path, lines)
      return showAdded(reply, lines, { frame: 'admin', path, name: group.name })
    },
  )

  app.post(`${GROUPS_PATH}/:id/members/:user/remove`, { config, schema: ofUser }, async ({ ctx, params }, reply) => {
    await removeGroupMember(ctx, params.id, refIn({ id: params.user }))
    return redirectWithFlash(reply, groupPath(params, '?done=removed'))
  })

  app.post(`${GROUPS_PATH}/:id/managers`, { config, schema: ofGroup }, async ({ ctx, params, body }, reply) => {
    const typed = typedText(body, 'manager')
    const { user } = await findUserBy(ctx, typed)
    const { refusal } =
      user === undefined
        ? { refusal: new Refusal('user.not_found') }
        : await answerOf(addGroupManager(ctx, params.id, user))
    if (refusal === undefined)
      return redirectWithFlash(reply, groupPath(params, '?done=appointed'), user?.username ?? typed)
    if (refusal.code !== 'user.not_found' && refusal.code !== 'group.too_many_managers') throw refusal
    return showGroup(reply, params.id, refusedForm(body, ['manager'], refusal))
  })

  app.post(`${GROUPS_PATH}/:id/managers/:user/remove`, { config, schema: ofUser }, async ({ ctx, params }, reply) => {
    await removeGroupManager(ctx, params.id, refIn({ id: params.user }))
    return redirectWithFlash(reply, groupPath(params, '?done=dismissed'))
  })
}
