// Commands about attributes: the fields of the profile that the operator declares.
import { Option } from 'commander'

import { presentAttribute } from '#domain/attributes/attribute.schema.ts'
import { countUsersWith, listAttributes, readAttribute } from '#domain/attributes/attribute.service.ts'
import {
  AT_JOINING,
  type AtJoining,
  type Attribute,
  ATTRIBUTE_TYPES,
  type AttributeType,
  type Audience,
  AUDIENCES,
} from '#domain/attributes/attribute.ts'
import { MOST_ATTRIBUTES } from '#foundation/kernel/stated-limits.ts'
import {
  changeAttribute,
  declareAttribute,
  deleteAttribute,
} from '#use-cases/administration/attributes/attributes.service.ts'
import type { CliCommand } from '../terminal/cli-command.ts'
import { CliFailure } from '../terminal/failure.ts'
import { wholeNumberFlag } from '../terminal/flag-values.ts'
import { withContext, type Working } from '../terminal/invocation.ts'
import { type Column, counted, printTable, totalOf } from '../terminal/list.ts'
import { printable } from '../terminal/output.ts'
import { confirmOr } from '../terminal/prompt.ts'

const KEY = 'key of the attribute'

const COLUMNS: readonly Column<Attribute>[] = [
  { head: 'key', of: ({ key }) => key },
  { head: 'label', cut: true, of: ({ label }) => label },
  { head: 'type', of: ({ type }) => type },
  { head: 'visible to', of: ({ visibleTo }) => visibleTo },
  { head: 'changed by', of: ({ changedBy }) => changedBy },
  { head: 'at joining', of: ({ atJoining }) => atJoining },
  { head: 'choices', plainOnly: true, of: ({ choices }) => choices.join(', ') },
]

export function addAttribute(program: CliCommand): void {
  const attribute = program.command('attribute').description('manage attributes (more fields for profiles)')
  attribute
    .command('list')
    .description('list attributes in the order in which pages show them')
    .withExamples('attribute list', 'attribute list --json')
    .action(withContext(list))
  const create = attribute
    .command('create')
    .description('create an attribute; by default, a text that users see and admins change')
    .argument('<key>', 'lowercase letters, digits and underscores')
    .requiredOption('--label <text>', 'shown with the field')
  addDeclarationFlags(create)
    .withExamples(
      'attribute create cost_center --label "Cost centre"',
      'attribute create size --label Size --type choice --choice S --choice M',
    )
    .action(withContext(declare))
  const update = attribute
    .command('update')
    .description('change an attribute')
    .argument('<key>', KEY)
    .option('--label <text>', 'new label')
  addDeclarationFlags(update)
    .option('--position <place>', 'place in the list, from 1', wholeNumberFlag(1, MOST_ATTRIBUTES))
    .withExamples('attribute update cost_center --label "Cost centre"', 'attribute update size --position 1')
    .action(withContext(change))
  attribute
    .command('rename')
    .description('give an attribute with a reserved key another one; its values stay')
    .argument('<key>', KEY)
    .argument('<new>', 'new key')
    .withExamples('attribute rename events custom_events')
    .action(withContext(rename))
  attribute
    .command('delete')
    .description('delete an attribute with the values of all users (asks for confirmation)')
    .argument('<key>', KEY)
    .withExamples('attribute delete cost_center')
    .action(withContext(remove))
}

function addDeclarationFlags(command: CliCommand): CliCommand {
  return command
    .addOption(new Option('--type <type>', 'type of its values').choices(ATTRIBUTE_TYPES))
    .option('--choice <text>', 'one choice; repeat for more', readChoiceText)
    .addOption(
      new Option('--visible-to <whom>', 'who sees values besides admins; users then see earlier values, too').choices(
        AUDIENCES,
      ),
    )
    .addOption(new Option('--changed-by <whom>', 'who changes values besides admins').choices(AUDIENCES))
    .addOption(new Option('--at-joining <when>', 'whether people are asked for it when they join').choices(AT_JOINING))
}

function readChoiceText(text: string, before?: readonly string[]): readonly string[] {
  return [...(before ?? []), text]
}

async function list({ ctx, out }: Working): Promise<void> {
  const attributes = await listAttributes(ctx)
  if (out.form === 'json') return out.json({ items: attributes.map(presentAttribute), next_cursor: null })
  printTable(out, COLUMNS, attributes)
  out.say(totalOf(attributes.length, 'attribute'))
}

interface Flags {
  readonly label?: string
  readonly type?: AttributeType
  readonly choice?: readonly string[]
  readonly visibleTo?: Audience
  readonly changedBy?: Audience
  readonly atJoining?: AtJoining
  readonly position?: number
}

async function declare({ ctx, out }: Working, key: string, flags: Flags): Promise<void> {
  const { label = '', type = 'text', choice: choices = [] } = flags
  const { visibleTo = 'user', changedBy = 'admin', atJoining = 'never' } = flags
  const attribute = await declareAttribute(ctx, { key, label, type, choices, visibleTo, changedBy, atJoining })
  out.result(presentAttribute(attribute), `Created the attribute ${printable(attribute.key)}`)
}

async function change({ ctx, out }: Working, key: string, flags: Flags): Promise<void> {
  if (Object.keys(flags).length === 0) {
    const names = '--label, --type, --choice, --visible-to, --changed-by, --at-joining or --position'
    throw CliFailure.usage(`Nothing to update. Use ${names}.`)
  }
  const { choice: choices, position, ...rest } = flags
  const before = await readAttribute(ctx, key)
  const changed = await changeAttribute(ctx, key, { ...rest, choices, position })
  const isRevealed = before.visibleTo === 'admin' && changed.visibleTo === 'user'
  const revealed = isRevealed ? await countUsersWith(ctx, key) : 0
  const values = revealed > 0 ? `. What was entered before is visible now, too: ${counted(revealed, 'user')}` : ''
  out.result(presentAttribute(changed), `Updated the attribute ${printable(changed.key)}${values}`)
}

async function rename({ ctx, out }: Working, key: string, renamed: string): Promise<void> {
  const changed = await changeAttribute(ctx, key, { key: renamed })
  out.result(presentAttribute(changed), `The attribute ${printable(key)} is now ${printable(changed.key)}`)
}

async function remove(working: Working, key: string): Promise<void> {
  const { ctx, out } = working
  await readAttribute(ctx, key)
  const had = await countUsersWith(ctx, key)
  await confirmOr(working, `Delete the attribute ${printable(key)}? ${lost(had)}`)
  const users = await deleteAttribute(ctx, key)
  out.result(
    { deleted: key, users },
    `Deleted the attribute ${printable(key)} and the values of ${counted(users, 'user')}`,
  )
}

function lost(users: number): string {
  return users === 0 ? 'No user has a value.' : `The values of ${counted(users, 'user')} are deleted, too.`
}
