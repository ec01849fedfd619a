// Commands about resources: APIs for which apps get access tokens.
import { issuerOf } from '#domain/clients/issuer.ts'
import { readResource } from '#domain/clients/resource.service.ts'
import { type ServedResource, tokenLifetime } from '#domain/clients/resource.ts'
import { seconds } from '#foundation/kernel/time.ts'
import { spanInWords } from '#foundation/texts/spans.ts'
import { presentResource, ResourcePosition } from '#use-cases/administration/resources/resources.schema.ts'
import {
  changeResource,
  createResource,
  listNamedResources,
  type NamedResource,
  readNamedResource,
  removeResource,
} from '#use-cases/administration/resources/resources.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { withContext, type Working } from '../../terminal/invocation.ts'
import { noteDefaultUrl } from '../../terminal/link-output.ts'
import { type Column, printFields } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { addPageFlags, type PageFlags, printPages } from '../../terminal/pages.ts'
import { confirmOr } from '../../terminal/prompt.ts'
import { ofResource, RESOURCE_ARGUMENT } from './named-resource.ts'
import { addResourceFlags, resourceChangesByFlags, type ResourceFlags } from './resource-flags.ts'

const COLUMNS: readonly Column<NamedResource>[] = [
  { head: 'name', of: ({ resource }) => resource.name },
  { head: 'URI', of: ({ resource }) => resource.uri },
  { head: 'tokens', of: ({ resource }) => resource.tokenFormat },
  { head: 'served by', of: servedBy },
  { head: 'status', of: ({ resource }) => (resource.isServed ? 'served' : 'no tokens') },
]

export function addResource(program: CliCommand): void {
  const resource = program.command('resource').description('manage APIs for which apps get access tokens')
  addPageFlags(resource.command('list').description('list resources by URI'), 'resource')
    .withExamples('resource list', 'resource list --all --json')
    .action(withContext(list))
  resource
    .command('show')
    .description('show a resource, and what its API needs to check a token')
    .argument('<resource>', RESOURCE_ARGUMENT)
    .withExamples('resource show https://api.example.org/')
    .action(ofResource(show))
  const add = resource
    .command('add')
    .description('register an API; only the apps that --app names may ask for tokens for it')
    .argument('<uri>', 'as apps ask for it; it never changes')
    .argument('<name>', 'people see it where they are asked')
  addResourceFlags(add)
    .withExamples(
      'resource add https://api.example.org/ Orders --served-by Shop --app Wiki',
      'resource add https://mcp.example.org/mcp Notes --tokens jwt --app all',
    )
    .action(withContext(register))
  const change = resource
    .command('change')
    .description('change a resource; a list that is given replaces the old one')
    .argument('<resource>', RESOURCE_ARGUMENT)
    .option('--name <name>', 'new name')
  addResourceFlags(change)
    .withExamples('resource change https://api.example.org/ --tokens jwt --lifetime 2m')
    .action(ofResource(update))
  resource
    .command('remove')
    .description('delete a resource; no token for it can be used again (asks for confirmation)')
    .argument('<resource>', RESOURCE_ARGUMENT)
    .withExamples('resource remove https://api.example.org/')
    .action(ofResource(remove))
}

async function list(working: Working, flags: PageFlags): Promise<void> {
  await printPages(working, flags, {
    noun: 'resource',
    command: 'resource list',
    columns: COLUMNS,
    position: ResourcePosition,
    read: (page) => listNamedResources(working.ctx, page),
    show: ({ resource }) => presentResource(resource),
  })
}

function servedBy({ resource, names }: NamedResource): string {
  return resource.servedBy === null ? 'none' : (names.get(resource.servedBy) ?? 'a deleted app')
}

async function show(working: Working, { id }: ServedResource): Promise<void> {
  const { ctx, out } = working
  const found = await readNamedResource(ctx, id)
  const { resource, names } = found
  if (out.form === 'json') return out.json(presentResource(resource))
  const { allowedClients: allowed } = resource
  const apps = allowed === 'all' ? allowed : allowed.map((app) => names.get(app) ?? app).join(', ') || 'none'
  const usual = ctx.config.accessTokenLifetime / 1000
  printFields(out, [
    ['name', resource.name],
    ['URI', resource.uri],
    ['id', resource.id],
    ['status', resource.isServed ? 'served' : 'no tokens, since the app that serves it is disabled or deleted'],
    ['served by', servedBy(found)],
    ['tokens', resource.tokenFormat],
    ['tokens live', spanInWords('en', seconds(tokenLifetime(resource, usual)))],
    ['scopes', resource.scopes.join(' ') || 'none'],
    ['apps that may ask', apps],
    ['created', { at: resource.createdAt }],
    ['issuer', issuerOf(ctx.config)],
  ])
  noteDefaultUrl(working, 'issuer')
}

async function register({ ctx, out }: Working, uri: string, name: string, flags: ResourceFlags): Promise<void> {
  const changes = await resourceChangesByFlags(ctx, flags)
  const { id } = await createResource(ctx, { ...changes, uri, name })
  const resource = await readResource(ctx, id)
  out.result(presentResource(resource), `Registered the resource ${printable(resource.name)}`)
}

async function update({ ctx, out }: Working, before: ServedResource, flags: ResourceFlags): Promise<void> {
  const changes = await resourceChangesByFlags(ctx, flags)
  if (Object.values(changes).every((value) => value === undefined))
    throw CliFailure.usage('Nothing to change. Use a flag such as --scope; "resource change --help" lists them.')
  const { name, revision } = await changeResource(ctx, before.id, changes)
  if (out.form === 'json') return out.json(presentResource(await readResource(ctx, before.id)))
  if (revision === before.revision) return out.say(`Nothing to change for ${printable(name)}`)
  out.done(`Changed the resource ${printable(name)}`)
}

async function remove(working: Working, resource: ServedResource): Promise<void> {
  const { ctx, out } = working
  await confirmOr(working, `Delete the resource ${printable(resource.name)}?`)
  await removeResource(ctx, resource.id)
  out.result({ deleted: presentResource(resource) }, `Deleted the resource ${printable(resource.name)}`)
}
