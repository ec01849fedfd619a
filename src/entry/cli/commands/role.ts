import { InvalidArgumentError } from 'commander'

import { orderedPermissions } from '#domain/roles/role.ts'
import { type Permission, PERMISSIONS } from '#foundation/kernel/principal.ts'
import { presentRole } from '#use-cases/administration/roles/roles.schema.ts'
import {
  changeRole,
  createRole,
  deleteRole,
  listRoles,
  readRoleWithUsers,
  type RoleChanges,
  type RoleWithUsers,
} from '#use-cases/administration/roles/roles.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { CliFailure } from '../terminal/failure.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { cellOr, type Column, printFields, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'
import { confirmOr } from '../terminal/prompt.ts'

const COLUMNS: readonly Column<RoleWithUsers>[] = [
  { head: 'name', of: ({ role }) => role.name },
  { head: 'permissions', cut: true, of: ({ role }) => listed(role.permissions) },
  { head: 'users', of: ({ users }) => String(users) },
  { head: 'origin', of: ({ role }) => role.origin },
]

const PERMISSIONS_FLAG = '--permissions <list>'
const NAME = 'name of the role, from "role list"'

export function addRole(program: CliCommand): void {
  const role = program.command('role').description('manage roles')
  role
    .command('list')
    .description('list roles and their permissions')
    .withExamples('role list', 'role list --json')
    .action(withContext(list))
  role
    .command('show')
    .description('show a role')
    .argument('<name>', NAME)
    .withExamples('role show help-desk', 'role show help-desk --json')
    .action(withContext(show))
  role
    .command('create')
    .description('create a role')
    .argument('<name>', 'lowercase letters, digits and hyphens')
    .option('--description <text>', 'what the role is for')
    .option(PERMISSIONS_FLAG, `separated by commas: ${PERMISSIONS.join(', ')}`, readPermissions)
    .withExamples('role create help-desk --permissions users:read,users:help')
    .action(withContext(create))
  role
    .command('update')
    .description('update a role; an empty list removes all its permissions')
    .argument('<name>', NAME)
    .option('--description <text>', 'new description')
    .option(PERMISSIONS_FLAG, 'new permissions, which replace the old ones', readPermissions)
    .withExamples('role update help-desk --permissions users:read')
    .action(withContext(update))
  role
    .command('delete')
    .description('delete a role without users (asks for confirmation)')
    .argument('<name>', NAME)
    .withExamples('role delete help-desk --yes')
    .action(withContext(remove))
}

function readPermissions(text: string): readonly Permission[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  if (words.some((word) => !PERMISSIONS.some((permission) => permission === word)))
    throw new InvalidArgumentError(`Allowed choices are ${PERMISSIONS.join(', ')}.`)
  return orderedPermissions(words)
}

function listed(permissions: readonly Permission[]): string {
  if (permissions.length === PERMISSIONS.length) return 'all'
  return permissions.join(', ') || 'none'
}

async function list({ ctx, out }: Working): Promise<void> {
  const roles = await listRoles(ctx)
  if (out.form === 'json') return out.json({ items: roles.map(presentRole) })
  printTable(out, COLUMNS, roles)
  out.say(totalOf(roles.length, 'role'))
}

async function show({ ctx, out }: Working, name: string): Promise<void> {
  const found = await readRoleWithUsers(ctx, name)
  if (out.form === 'json') return out.json(presentRole(found))
  const { role, users } = found
  printFields(out, [
    ['name', role.name],
    ['description', role.description || '–'],
    ['permissions', listed(role.permissions)],
    ['users', String(users)],
    ['origin', role.origin],
    ['created', cellOr(role.createdAt, 'always')],
  ])
}

async function create({ ctx, out }: Working, name: string, flags: RoleChanges): Promise<void> {
  const { description = '', permissions = [] } = flags
  const role = await createRole(ctx, { name, description, permissions })
  out.result(presentRole({ role, users: 0 }), `Created the role ${role.name}: ${listed(role.permissions)}`)
}

async function update({ ctx, out }: Working, name: string, changes: RoleChanges): Promise<void> {
  if (Object.keys(changes).length === 0)
    throw CliFailure.usage('Nothing to update. Use --description or --permissions.')
  const before = await readRoleWithUsers(ctx, name)
  const role = await changeRole(ctx, name, changes)
  if (out.form === 'json') return out.json(presentRole({ ...before, role }))
  if (role.revision === before.role.revision) return out.say(`Nothing to update for ${printable(name)}`)
  out.done(`Updated the role ${role.name}: ${listed(role.permissions)}`)
}

async function remove(working: Working, name: string): Promise<void> {
  const { ctx, out } = working
  const { role } = await readRoleWithUsers(ctx, name)
  await confirmOr(working, `Delete the role ${role.name}?`)
  await deleteRole(ctx, role.name)
  out.result({ deleted: role.name }, `Deleted the role ${role.name}`)
}
