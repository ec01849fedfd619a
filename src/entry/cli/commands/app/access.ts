// Who may use an app, and how they must have signed in.
import { Option } from 'commander'

import { isStricter } from '#domain/clients/app-access.ts'
import { type Client, REQUIRED_LEVELS, type RequiredLevel } from '#domain/clients/client.ts'
import { groupNamesByIds } from '#domain/groups/group.service.ts'
import type { With } from '#foundation/context.ts'
import { withGiven } from '#foundation/kernel/given-fields.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { texts } from '#foundation/texts/texts.ts'
import { presentAccessCheck } from '#use-cases/administration/clients/access-check.schema.ts'
import {
  type CheckedAccess,
  checkChange,
  firstRefused,
} from '#use-cases/administration/clients/access-check.service.ts'
import { newlyRefusedIn, refusedIn } from '#use-cases/administration/clients/access-check.ts'
import { presentAppWithSecrets } from '#use-cases/administration/clients/clients.schema.ts'
import { changeApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { writtenOut } from '../../terminal/contractions.ts'
import { readSpan } from '../../terminal/flag-values.ts'
import type { Working } from '../../terminal/invocation.ts'
import { counted, printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { groupIds, listIn, orNone, repeated } from './app-flags.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'

export function addAppAccess(app: CliCommand): void {
  app
    .command('access')
    .description('show or change who may use an app, and how they must have signed in (asks if someone loses it)')
    .argument('<app>', APP_ARGUMENT)
    .option('--role <role>', 'a role that may use it; repeat for more, or none', repeated)
    .option('--group <group>', 'a group that may use it; repeat for more, or none', repeated)
    .addOption(
      new Option('--least-assurance <level>', 'what a sign-in must reach').choices([...REQUIRED_LEVELS, 'none']),
    )
    .option('--max-age <duration>', 'how long ago they may have signed in, such as 12h, or none', ageIn)
    .option('--dry-run', 'only count who could not use it; change nothing')
    .withExamples(
      'app access Wiki',
      'app access Wiki --group Staff --least-assurance phishing-resistant',
      'app access Wiki --group Staff --dry-run',
    )
    .action(ofApp(access))
}

function ageIn(text: string): number | 'none' {
  return text === 'none' ? text : readSpan(text) / 1000
}

interface AccessFlags {
  readonly role?: readonly string[]
  readonly group?: readonly string[]
  readonly leastAssurance?: RequiredLevel | 'none'
  readonly maxAge?: number | 'none'
  readonly dryRun?: boolean
}

async function access(working: Working, before: Client, { dryRun = false, ...flags }: AccessFlags): Promise<void> {
  const { ctx, out } = working
  const changes = {
    allowedRoles: flags.role && listIn(flags.role),
    allowedGroups: flags.group && (await groupIds(ctx, flags.group)),
    leastAssurance: orNone(flags.leastAssurance),
    maxAge: orNone(flags.maxAge),
  }
  if (dryRun) return showCheck(working, await checkChange(ctx, before.id, changes))
  if (isStricter(before, withGiven(before, changes)))
    await confirmLoss(working, before, await checkChange(ctx, before.id, changes))
  const client = await changeApp(ctx, before.id, changes)
  if (out.form === 'json') return out.json(presentAppWithSecrets(ctx.config, await readApp(ctx, client.id)))
  if (client.revision !== before.revision) out.done(`Changed who may use ${printable(client.name)}`)
  printFields(out, await accessFields(ctx, client))
}

/** Prints who could not use the app. */
async function showCheck({ ctx, out }: Working, checked: CheckedAccess): Promise<void> {
  const first = await firstRefused(ctx, checked)
  if (out.form === 'json') return out.json(presentAccessCheck(checked, first))
  printFields(out, [
    ['users', String(checked.users)],
    ['cannot use it', String(refusedIn(checked))],
    ['can use it now', String(newlyRefusedIn(checked))],
  ])
  await sayLosses({ ctx, out }, checked)
}

/** Asks before users lose the app. */
async function confirmLoss(working: Working, { name }: Client, checked: CheckedAccess): Promise<void> {
  const count = newlyRefusedIn(checked)
  if (count === 0) return
  working.out.say(`${counted(count, 'user')} of ${checked.users} could not use ${printable(name)} anymore:`)
  await sayLosses(working, checked)
  await confirmOr(working, `Change who may use ${printable(name)}?`)
}

/** Names the users who would lose the app: how many by reason, and the first of them. */
async function sayLosses({ ctx, out }: Pick<Working, 'ctx' | 'out'>, checked: CheckedAccess): Promise<void> {
  const { reasons } = texts('en').appAccess
  const first = (await firstRefused(ctx, checked)) ?? []
  for (const { reason, newly } of checked.counts)
    if (newly > 0) out.say(`  ${writtenOut(reasons[reason])}: ${counted(newly, 'user')}`)
  for (const { user, reason } of first) out.say(`  ${printable(user.username)} (${writtenOut(reasons[reason])})`)
  const more = newlyRefusedIn(checked) - first.length
  if (more > 0) out.say(`  and ${counted(more, 'more user')}`)
}

/** Who may use the app, and what their sign-in must reach. */
export async function accessFields(ctx: With<'db'>, client: Client): Promise<[name: string, value: string][]> {
  return [
    ['may be used by', await usersIn(ctx, client)],
    ['needs', requirementsIn(client)],
  ]
}

async function usersIn(ctx: With<'db'>, { allowedRoles, allowedGroups }: Client): Promise<string> {
  const named = (await groupNamesByIds(ctx, allowedGroups)).map((name) => `group ${name}`)
  return [...allowedRoles.map((role) => `role ${role}`), ...named].join(', ') || 'everyone'
}

function requirementsIn({ leastAssurance, maxAge }: Client): string {
  const age = maxAge === null ? [] : [`a sign-in at most ${spanInWords('en', seconds(maxAge))} ago`]
  return [...(leastAssurance === null ? [] : [leastAssurance]), ...age].join(', ') || 'nothing more'
}
