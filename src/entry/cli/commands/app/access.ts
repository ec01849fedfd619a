// Who may use an app, and how they must have signed in.
import { Option } from 'commander'

import { type Client, REQUIRED_LEVELS, type RequiredLevel } from '#domain/clients/client.ts'
import { findGroup } from '#domain/groups/group.service.ts'
import type { With } from '#foundation/context.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { presentAppWithSecrets } from '#use-cases/administration/clients/clients.schema.ts'
import { changeApp, readApp } from '#use-cases/administration/clients/clients.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { readSpan } from '../../terminal/flag-values.ts'
import type { Working } from '../../terminal/invocation.ts'
import { printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { groupIds, listIn, orNone, repeated } from './app-flags.ts'
import { APP_ARGUMENT, ofApp } from './named-app.ts'

export function addAppAccess(app: CliCommand): void {
  app
    .command('access')
    .description('show or change who may use an app, and how they must have signed in')
    .argument('<app>', APP_ARGUMENT)
    .option('--role <role>', 'a role that may use it; repeat for more, or none', repeated)
    .option('--group <group>', 'a group that may use it; repeat for more, or none', repeated)
    .addOption(
      new Option('--least-assurance <level>', 'what a sign-in must reach').choices([...REQUIRED_LEVELS, 'none']),
    )
    .option('--max-age <duration>', 'how long ago they may have signed in, such as 12h, or none', ageIn)
    .withExamples('app access Wiki', 'app access Wiki --group Staff --least-assurance phishing-resistant')
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
}

async function access({ ctx, out }: Working, before: Client, flags: AccessFlags): Promise<void> {
  const client = await changeApp(ctx, before.id, {
    allowedRoles: flags.role && listIn(flags.role),
    allowedGroups: flags.group && (await groupIds(ctx, flags.group)),
    leastAssurance: orNone(flags.leastAssurance),
    maxAge: orNone(flags.maxAge),
  })
  if (out.form === 'json') return out.json(presentAppWithSecrets(ctx.config, await readApp(ctx, client.id)))
  if (client.revision !== before.revision) out.done(`Changed who may use ${printable(client.name)}`)
  printFields(out, await accessFields(ctx, client))
}

/** Who may use the app, and what their sign-in must reach. */
export async function accessFields(ctx: With<'db'>, client: Client): Promise<[name: string, value: string][]> {
  return [
    ['may be used by', await usersIn(ctx, client)],
    ['needs', requirementsIn(client)],
  ]
}

async function usersIn(ctx: With<'db'>, { allowedRoles, allowedGroups }: Client): Promise<string> {
  const groups = await Promise.all(allowedGroups.map((id) => findGroup(ctx, id)))
  const named = groups.flatMap((group) => group?.name ?? []).map((name) => `group ${name}`)
  return [...allowedRoles.map((role) => `role ${role}`), ...named].join(', ') || 'everyone'
}

function requirementsIn({ leastAssurance, maxAge }: Client): string {
  const age = maxAge === null ? [] : [`a sign-in at most ${spanInWords('en', seconds(maxAge))} ago`]
  return [...(leastAssurance === null ? [] : [leastAssurance]), ...age].join(', ') || 'nothing more'
}
