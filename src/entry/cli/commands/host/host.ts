// Commands about protected hosts, which a reverse proxy opens to the users of this server.
import { Option } from 'commander'

import type { ProtectedHost } from '#domain/hosts/host.ts'
import { type ProxyName, PROXIES } from '#domain/hosts/snippet.ts'
import type { User } from '#domain/users/user.ts'
import { positionOf, presentHostCheck } from '#use-cases/administration/hosts/host-check.schema.ts'
import { tryRequest } from '#use-cases/administration/hosts/host-check.service.ts'
import type { HostCheck } from '#use-cases/administration/hosts/host-check.ts'
import { snippetOfHost } from '#use-cases/administration/hosts/host-snippet.ts'
import { HostPosition, presentHost } from '#use-cases/administration/hosts/hosts.schema.ts'
import {
  changeHost,
  createHost,
  listNamedHosts,
  type NamedHost,
  readNamedHost,
  removeHost,
} from '#use-cases/administration/hosts/hosts.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { namedUser, USER_ARGUMENT, withContext, type Working } from '../../terminal/invocation.ts'
import { type Column, printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { addPageFlags, type PageFlags, printPages } from '../../terminal/pages.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { addHostFlags, type HostFlags, hostChangesByFlags } from './host-flags.ts'
import { HOST_ARGUMENT, linesOf, ofHost } from './named-host.ts'
import { addHostRule } from './rule.ts'

const COLUMNS: readonly Column<NamedHost>[] = [
  { head: 'name', of: ({ host }) => host.name },
  { head: 'rules', of: ({ host }) => String(host.rules.length) },
  { head: 'API tokens', of: ({ host }) => yesOrNo(host.apiTokens) },
  { head: 'added', of: ({ host }) => ({ at: host.createdAt }) },
]

export function addHost(program: CliCommand): void {
  const host = program.command('host').description('manage hosts that a reverse proxy protects')
  addPageFlags(host.command('list').description('list protected hosts by name'), 'host')
    .withExamples('host list', 'host list --all --json')
    .action(withContext(list))
  host
    .command('show')
    .description('show a protected host with its rules, or what its reverse proxy needs')
    .argument('<host>', HOST_ARGUMENT)
    .addOption(new Option('--for <proxy>', 'print the configuration of this proxy instead').choices(PROXIES))
    .withExamples('host show photos.example.org', 'host show photos.example.org --for nginx')
    .action(ofHost(show))
  addHostFlags(
    host
      .command('add')
      .description('protect a host; without rules, everyone who is signed in may enter')
      .argument('<host>', 'as people type it, without a port; it never changes'),
  )
    .withExamples(
      'host add photos.example.org',
      'host add wiki.example.org --group Staff',
      'host add git.example.org --rule "/admin roles admin"',
    )
    .action(withContext(register))
  addHostFlags(
    host
      .command('set')
      .description(
        'change a protected host; rules that are given replace all of the old ones ("host rule" changes one)',
      )
      .argument('<host>', HOST_ARGUMENT),
  )
    .withExamples('host set wiki.example.org --rule "/public everyone"')
    .action(ofHost(update))
  addHostRule(host)
  host
    .command('check')
    .description('try a request: which rule decides, and whether it passes')
    .argument('<host>', HOST_ARGUMENT)
    .argument('<method>', 'such as GET')
    .argument('<path>', 'as it is sent, without the query')
    .option('--user <user>', `who sends it (${USER_ARGUMENT}); someone who is not signed in if omitted`)
    .withExamples('host check wiki.example.org GET /admin --user ada')
    .action(ofHost(check))
  host
    .command('remove')
    .description('remove a protected host; its requests are refused from then on (asks for confirmation)')
    .argument('<host>', HOST_ARGUMENT)
    .withExamples('host remove photos.example.org')
    .action(ofHost(remove))
}

async function list(working: Working, flags: PageFlags): Promise<void> {
  await printPages(working, flags, {
    noun: 'host',
    command: 'host list',
    columns: COLUMNS,
    position: HostPosition,
    read: (page) => listNamedHosts(working.ctx, page),
    show: ({ host }) => presentHost(host),
  })
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

interface ShowFlags {
  readonly for?: ProxyName
}

async function show({ ctx, out }: Working, { name }: ProtectedHost, flags: ShowFlags): Promise<void> {
  const found = await readNamedHost(ctx, name)
  const { host, groups } = found
  if (flags.for !== undefined) return showSnippet({ ctx, out }, host, flags.for)
  if (out.form === 'json') return out.json(presentHost(host))
  printFields(out, [
    ['name', host.name],
    ['id', host.id],
    ...linesOf(found).map((line, index) => [`rule ${index + 1}`, line] as const),
    ['otherwise', 'everyone who is signed in'],
    ['API tokens', host.apiTokens ? 'those that were made for it' : 'none'],
    ['preflights', host.preflights ? 'pass without a sign-in' : 'need a sign-in'],
    ['groups shared', host.sharedGroups.map((id) => groups.get(id) ?? id).join(', ') || 'none'],
    ['added', { at: host.createdAt }],
  ])
}

function showSnippet({ ctx, out }: Pick<Working, 'ctx' | 'out'>, host: ProtectedHost, proxy: ProxyName): void {
  const snippet = snippetOfHost(ctx.config, host, proxy)
  if (out.form === 'json') return out.json({ host: host.name, proxy, snippet })
  for (const line of snippet.trimEnd().split('\n')) out.line(line)
}

async function register({ ctx, out }: Working, name: string, flags: HostFlags): Promise<void> {
  const host = await createHost(ctx, { ...(await hostChangesByFlags(ctx, flags)), name })
  out.result(presentHost(host), `Protected the host ${printable(host.name)}`)
}

async function update({ ctx, out }: Working, before: ProtectedHost, flags: HostFlags): Promise<void> {
  const changes = await hostChangesByFlags(ctx, flags)
  if (Object.values(changes).every((value) => value === undefined))
    throw CliFailure.usage('Nothing to change. Use a flag such as --rule; "host set --help" lists them.')
  const host = await changeHost(ctx, before.name, changes)
  if (out.form === 'json') return out.json(presentHost(host))
  if (host.revision === before.revision) return out.say(`Nothing to change for ${printable(host.name)}`)
  out.done(`Changed the host ${printable(host.name)}`)
}

const REASONS = {
  malformed: 'no app should see it',
  ambiguous: 'programs can read its path in different ways',
  not_signed_in: 'sign-in needed',
  shut_out: 'the account is disabled or has expired',
  role: 'the user has none of the roles',
  group: 'the user is in none of the groups',
  assurance: 'no factor of the user reaches the level',
  age: 'the authentication is too old',
} as const satisfies Record<NonNullable<HostCheck['refusal']>, string>

interface CheckFlags {
  readonly user?: string
}

async function check(
  { ctx, out }: Working,
  { name }: ProtectedHost,
  method: string,
  path: string,
  flags: CheckFlags,
): Promise<void> {
  const found = await readNamedHost(ctx, name)
  const user: User | undefined = flags.user === undefined ? undefined : await namedUser(ctx, flags.user)
  const checked = await tryRequest(ctx, found.host, { method, path, user })
  if (out.form === 'json') return out.json(presentHostCheck(checked))
  const lines = linesOf(found)
  const ruleAt = (index: number | undefined): string =>
    positionOf(index) === null ? 'none, so everyone who is signed in' : `${positionOf(index)}: ${lines[index ?? -1]}`
  printFields(out, [
    ['passes', checked.refusal === undefined ? 'yes' : `no, ${REASONS[checked.refusal]}`],
    ...(checked.index === undefined ? [] : [['rule', ruleAt(checked.index)] as const]),
    ...checked.readings.map((reading) => [`read as ${reading.path}`, ruleAt(reading.index)] as const),
  ])
}

async function remove(working: Working, host: ProtectedHost): Promise<void> {
  const { ctx, out } = working
  await confirmOr(working, `Remove the protected host ${printable(host.name)}?`)
  await removeHost(ctx, host.name)
  out.result({ deleted: presentHost(host) }, `Removed the host ${printable(host.name)}`)
}
