// What of groups goes over the wire: to admins, and to those who manage a group or are in one.
import { GROUP_NAME_MAXIMUM, MOST_ADDED } from '#foundation/kernel/stated-limits.ts'
import { toRfc3339 } from '#foundation/kernel/time.ts'
import { ETAG, etagOf } from '#foundation/web/http/etag.ts'
import { PAGE_PARAMETERS, pageOf } from '#foundation/web/http/pagination.ts'
import { choice, named, nullable, sentWith } from '#foundation/web/http/schema.ts'
import { type Static, Type } from '#foundation/web/http/type.ts'
import { type AddedLine, LONGEST_WORD_SHOWN } from './added-members.ts'
import {
  type Group,
  GROUP_DESCRIPTION_MAXIMUM,
  type ListedGroup,
  type Member,
  MOST_GROUPS,
  type OwnGroup,
} from './group.ts'

const GroupId = Type.String({ maxLength: 64 })
export const GroupParameters = Type.Object({ id: GroupId })
export const GroupUserParameters = Type.Object({
  id: GroupId,
  user_id: Type.Integer({ description: 'The number in the user’s `id`.' }),
})

const Name = Type.String({
  description: `One to ${GROUP_NAME_MAXIMUM} characters, without semicolons. Unique, ignoring case.`,
})
const Description = Type.String({ description: `At most ${GROUP_DESCRIPTION_MAXIMUM} characters on one line.` })

/** The groups of a new user. */
export const GroupNames = Type.Array(Type.String({ maxLength: LONGEST_WORD_SHOWN }), {
  maxItems: MOST_GROUPS,
  description: 'Names of the groups to join. Needs `groups:write`.',
})

export const NewGroup = named(
  'NewGroup',
  Type.Object(
    { name: Name, description: Type.Optional(Description) },
    { additionalProperties: false, examples: [{ name: 'Engineering', description: 'All who build the product' }] },
  ),
)

/** A merge patch (RFC 7396): a field left out stays. */
export const GroupChange = named(
  'GroupChange',
  Type.Object(
    { name: Type.Optional(Name), description: Type.Optional(Description) },
    { additionalProperties: false, examples: [{ description: 'All who build and run the product' }] },
  ),
)

const FIELDS = {
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  created_at: Type.String({ format: 'date-time' }),
}
const members = Type.Integer({ description: 'How many members it has.' })

export const ListedGroupView = named('ListedGroup', Type.Object({ ...FIELDS, members }))
export const GroupPageView = pageOf('GroupPage', ListedGroupView)

export const GroupView = sentWith(
  ETAG,
  named(
    'Group',
    Type.Object(
      {
        ...FIELDS,
        policies: Type.Array(Type.String(), { description: 'The policies that name it, now or from a later day on.' }),
      },
      { description: 'A group of users.' },
    ),
  ),
)

export const MemberView = named(
  'GroupMember',
  Type.Object(
    { id: Type.Integer(), username: Type.String(), full_name: nullable(Type.String()) },
    { description: 'A user as the managers of a group see them.' },
  ),
)
export const MemberPageView = pageOf('GroupMemberPage', MemberView)
export const ManagerList = named(
  'GroupManagers',
  Type.Object({ items: Type.Array(MemberView) }, { description: 'All managers of a group.' }),
)

export const OwnGroupView = named(
  'OwnGroup',
  Type.Object({ ...FIELDS, members, is_member: Type.Boolean(), is_manager: Type.Boolean() }),
)
export const OwnGroupPageView = pageOf('OwnGroupPage', OwnGroupView)

export const GroupQuery = Type.Object(
  { ...PAGE_PARAMETERS, q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of a name.' })) },
  { additionalProperties: false },
)
export const MemberQuery = Type.Object(
  {
    ...PAGE_PARAMETERS,
    q: Type.Optional(Type.String({ maxLength: 200, description: 'The beginning of a username.' })),
  },
  { additionalProperties: false },
)
/** The folded name after which a page begins: folding (NFKC) makes up to 18 characters of one. */
export const GroupPosition = Type.String({ maxLength: 18 * GROUP_NAME_MAXIMUM })

/** Longer than a list of `MOST_ADDED` emails, also as a form sends it. */
export const LONGEST_MEMBER_LIST = 524_288

export const MembersToAdd = named(
  'MembersToAdd',
  Type.Object(
    {
      users: Type.Array(Type.String({ maxLength: LONGEST_WORD_SHOWN }), {
        minItems: 1,
        maxItems: MOST_ADDED,
        description: 'Usernames and email addresses.',
      }),
    },
    { additionalProperties: false, examples: [{ users: ['ada'] }] },
  ),
)

const LineView = Type.Object({
  line: Type.Integer(),
  text: Type.String({ description: 'As it was given.' }),
  result: choice(['added', 'unchanged', 'refused', 'waiting'], {
    description: '`unchanged`: was in the group already. `waiting`: a second admin must approve it.',
  }),
  user: nullable(Type.Integer({ description: 'The `id` of the user.' })),
  error: nullable(Type.Object({ code: Type.String(), detail: Type.String() })),
})

export const AddedReport = named(
  'AddedMembers',
  Type.Object(
    {
      added: Type.Integer(),
      unchanged: Type.Integer(),
      refused: Type.Integer(),
      waiting: Type.Integer(),
      lines: Type.Array(LineView),
    },
    { description: 'What came of each entry. One that is refused does not stop the others.' },
  ),
)

/** Returns the JSON form of a report. */
export function presentAdded(lines: readonly AddedLine[]): Static<typeof AddedReport> {
  const count = (result: AddedLine['result']): number => lines.filter((line) => line.result === result).length
  return {
    added: count('added'),
    unchanged: count('unchanged'),
    refused: count('refused'),
    waiting: count('waiting'),
    lines: lines.map((entry) => {
      const { line, word: text, result } = entry
      if ('user' in entry) return { line, text, result, user: entry.user.id, error: null }
      const { code, message: detail } = entry.refusal
      return { line, text, result, user: null, error: { code, detail } }
    }),
  }
}

function presentFields({ id, name, description, createdAt }: Group) {
  return { id, name, description, created_at: toRfc3339(createdAt) }
}

export function presentListedGroup(group: ListedGroup): Static<typeof ListedGroupView> {
  return { ...presentFields(group), members: group.members }
}

export function presentGroup(group: Group, policies: readonly string[]): Static<typeof GroupView> {
  return { ...presentFields(group), policies: [...policies] }
}

export function presentOwnGroup(group: OwnGroup): Static<typeof OwnGroupView> {
  return { ...presentListedGroup(group), is_member: group.isMember, is_manager: group.isManager }
}

export function presentMember({ id, username, fullName }: Member): Static<typeof MemberView> {
  return { id, username, full_name: fullName }
}

/** The entity tag of a group: it changes with each change of the group itself, and not with its members or policies. */
export function groupTag({ id, revision }: Group): string {
  return etagOf(JSON.stringify([id, revision]))
}
