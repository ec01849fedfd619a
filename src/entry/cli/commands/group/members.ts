// Commands about the members and managers of a group.
import { presentAdded, presentMember } from '#domain/groups/group.schema.ts'
import { type Member, wordsIn } from '#domain/groups/group.ts'
import { listMembers } from '#domain/groups/membership.service.ts'
import { MOST_ADDED } from '#foundation/kernel/stated-limits.ts'
import { addListedMembers } from '#use-cases/administration/groups/group-list.service.ts'
import {
  addGroupManager,
  removeGroupManager,
  removeGroupMember,
} from '#use-cases/administration/groups/groups.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { EXIT } from '../../terminal/exit-codes.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { namedUser, USER_ARGUMENT, withContext, type Working } from '../../terminal/invocation.ts'
import { type Encoding, encodingFlag, readListFile } from '../../terminal/list-file.ts'
import { type Column, counted, printTable, totalOf } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { GROUP_ARGUMENT, namedGroup } from './named-group.ts'

const MEMBER_COLUMNS: readonly Column<Member>[] = [
  { head: 'username', of: ({ username }) => username },
  { head: 'full name', cut: true, of: ({ fullName }) => fullName ?? '' },
  { head: 'id', plainOnly: true, of: ({ id }) => String(id) },
]

export function addGroupMembersCommands(group: CliCommand): void {
  group
    .command('members')
    .description('list all members of a group; with --json, one line per member')
    .argument('<group>', GROUP_ARGUMENT)
    .option('--search <text>', 'only members with a username that starts with this text')
    .withExamples('group members Engineering', 'group members Engineering --plain')
    .action(withContext(members))
  group
    .command('add')
    .description('add members to a group, with a report per user')
    .argument('<group>', GROUP_ARGUMENT)
    .argument('[users...]', 'usernames, email addresses, ids or subjects')
    .option('--file <file>', 'read them from a file, one per line')
    .addOption(encodingFlag())
    .withExamples('group add Engineering ada grace', 'group add Engineering --file people.txt')
    .action(withContext(add))
  const one = (
    name: string,
    description: string,
    work: (working: Working, group: string, user: string) => Promise<void>,
  ) =>
    group
      .command(name)
      .description(description)
      .argument('<group>', GROUP_ARGUMENT)
      .argument('<user>', USER_ARGUMENT)
      .withExamples(`group ${name} Engineering ada`)
      .action(withContext(work))
  one('remove', 'remove a member from a group', remove)
  one('add-manager', 'add a manager, who can add and remove members', addManager)
  one('remove-manager', 'remove a manager from a group', removeManager)
}

async function members({ ctx, out }: Working, word: string, { search }: { search?: string }): Promise<void> {
  const { id } = await namedGroup(ctx, word)
  let after: string | undefined
  let count = 0
  do {
    const page = await listMembers(ctx, id, { q: search, after, limit: 200 })
    if (out.form === 'json') page.items.forEach((member) => out.json(presentMember(member)))
    else printTable(out, MEMBER_COLUMNS, page.items)
    count += page.items.length
    after = page.next ?? undefined
  } while (after !== undefined)
  out.say(totalOf(count, 'member'))
}

async function add(
  { ctx, out }: Working,
  word: string,
  users: readonly string[],
  { file, encoding }: { file?: string; encoding?: Encoding },
): Promise<void> {
  const { id } = await namedGroup(ctx, word)
  const words = [...users, ...(file === undefined ? [] : wordsIn(readListFile(file, encoding)))]
  if (words.length === 0) throw CliFailure.usage('Name at least one user, or use --file.')
  if (words.length > MOST_ADDED) throw CliFailure.usage(`Add at most ${MOST_ADDED} users at a time.`)
  const report = presentAdded(await addListedMembers(ctx, id, words))
  if (out.form === 'json') out.json(report)
  else {
    printTable(out, ADDED_COLUMNS, report.lines)
    const { added, unchanged, refused } = report
    out.say(`Added: ${counted(added, 'user')}. Already members: ${unchanged}. Refused: ${refused}.`)
  }
  if (report.refused > 0) process.exitCode = report.refused < words.length ? EXIT.partialSuccess : EXIT.notValid
}

type ShownLine = ReturnType<typeof presentAdded>['lines'][number]

const ADDED_COLUMNS: readonly Column<ShownLine>[] = [
  { head: 'user', of: ({ text }) => text },
  { head: 'result', of: ({ result }) => result },
  { head: 'error', of: ({ error }) => writtenOut(error?.detail ?? '') },
]

async function remove({ ctx, out }: Working, group: string, word: string): Promise<void> {
  const { id, name } = await namedGroup(ctx, group)
  const user = await namedUser(ctx, word)
  const removed = await removeGroupMember(ctx, id, user)
  const [who, which] = [printable(user.username), printable(name)]
  out.result({ removed }, removed ? `Removed ${who} from ${which}` : `${who} is not in ${which}`)
}

async function addManager({ ctx, out }: Working, group: string, word: string): Promise<void> {
  const { id, name } = await namedGroup(ctx, group)
  const user = await namedUser(ctx, word)
  const added = await addGroupManager(ctx, id, user)
  const [who, which] = [printable(user.username), printable(name)]
  out.result({ added }, added ? `${who} now manages ${which}` : `${who} already manages ${which}`)
}

async function removeManager({ ctx, out }: Working, group: string, word: string): Promise<void> {
  const { id, name } = await namedGroup(ctx, group)
  const user = await namedUser(ctx, word)
  const removed = await removeGroupManager(ctx, id, user)
  const [who, which] = [printable(user.username), printable(name)]
  out.result({ removed }, removed ? `${who} no longer manages ${which}` : `${who} does not manage ${which}`)
}
