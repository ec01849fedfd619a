// Commands about groups of users.
import { GroupPosition, presentGroup, presentListedGroup } from '#domain/groups/group.schema.ts'
import { listGroups } from '#domain/groups/group.service.ts'
import type { ListedGroup } from '#domain/groups/group.ts'
import { listManagers } from '#domain/groups/membership.service.ts'
import { policiesNaming } from '#domain/policies/store/named-scope.service.ts'
import { changeGroup, createGroup, deleteGroup } from '#use-cases/administration/groups/groups.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { type Column, printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { addPageFlags, type PageFlags, printPages } from '../../terminal/pages.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addGroupMembersCommands } from './members.ts'
import { GROUP_ARGUMENT, namedGroup } from './named-group.ts'

const COLUMNS: readonly Column<ListedGroup>[] = [
  { head: 'name', of: ({ name }) => name },
  { head: 'members', of: ({ members }) => String(members) },
  { head: 'description', cut: true, of: ({ description }) => description },
  { head: 'id', plainOnly: true, of: ({ id }) => id },
]

export function addGroup(program: CliCommand): void {
  const group = program.command('group').description('manage groups of users')
  const list = group
    .command('list')
    .description('list groups with the number of their members')
    .option('--search <text>', 'only groups with this text in the name')
  addPageFlags(list, 'group')
    .withExamples('group list', 'group list --search eng --json', 'group list --all --plain')
    .action(withContext(listAll))
  group
    .command('show')
    .description('show a group, its managers and the policies that name it')
    .argument('<group>', GROUP_ARGUMENT)
    .withExamples('group show Engineering')
    .action(withContext(show))
  group
    .command('create')
    .description('create a group')
    .argument('<name>', 'unique, not case-sensitive')
    .option('--description <text>', 'what the group is for')
    .withExamples('group create Engineering --description "Everyone who builds the product"')
    .action(withContext(create))
  group
    .command('update')
    .description('change the name or the description of a group')
    .argument('<group>', GROUP_ARGUMENT)
    .option('--name <name>', 'new name')
    .option('--description <text>', 'new description; an empty one removes it')
    .withExamples('group update Engineering --name Builders')
    .action(withContext(update))
  group
    .command('delete')
    .description('delete a group; its members stay users (asks for confirmation)')
    .argument('<group>', GROUP_ARGUMENT)
    .withExamples('group delete Engineering --yes')
    .action(withContext(remove))
  addGroupMembersCommands(group)
}

interface ListFlags extends PageFlags {
  readonly search?: string
}

async function listAll(working: Working, flags: ListFlags): Promise<void> {
  const { search } = flags
  await printPages(working, flags, {
    noun: 'group',
    command: 'group list',
    words: { search },
    columns: COLUMNS,
    position: GroupPosition,
    read: (page) => listGroups(working.ctx, { ...page, q: search }),
    show: presentListedGroup,
  })
}

async function show({ ctx, out }: Working, word: string): Promise<void> {
  const group = await namedGroup(ctx, word)
  const policies = await policiesNaming(ctx, 'group', group.id)
  const managers = await listManagers(ctx, group.id)
  if (out.form === 'json') {
    return out.json({ ...presentGroup(group, policies), managers: managers.map(({ username }) => username) })
  }
  printFields(out, [
    ['name', group.name],
    ['id', group.id],
    ['description', group.description || '–'],
    ['created', { at: group.createdAt }],
    ['managers', managers.map(({ username }) => username).join(', ') || '–'],
    ['policies', policies.join(', ') || '–'],
  ])
}

async function create({ ctx, out }: Working, name: string, { description }: { description?: string }): Promise<void> {
  const group = await createGroup(ctx, { name, description })
  out.result(presentGroup(group, []), `Created the group ${printable(group.name)}`)
}

async function update(
  { ctx, out }: Working,
  word: string,
  { name, description }: { name?: string; description?: string },
): Promise<void> {
  if (name === undefined && description === undefined)
    throw CliFailure.usage('Nothing to update. Use --name or --description.')
  const { id } = await namedGroup(ctx, word)
  const group = await changeGroup(ctx, id, { name, description })
  out.result(presentGroup(group, await policiesNaming(ctx, 'group', id)), `Updated the group ${printable(group.name)}`)
}

async function remove(working: Working, word: string): Promise<void> {
  const { ctx, out } = working
  const group = await namedGroup(ctx, word)
  await confirmOr(working, `Delete the group ${printable(group.name)}?`)
  await deleteGroup(ctx, group.id)
  out.result({ deleted: presentGroup(group, []) }, `Deleted the group ${printable(group.name)}`)
}
