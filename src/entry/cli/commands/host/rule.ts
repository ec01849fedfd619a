// The rules of a protected host one by one: lists them, and adds, replaces or removes one.
import { MOST_RULES } from '#domain/hosts/host-fields.ts'
import type { HostRule, ProtectedHost } from '#domain/hosts/host.ts'
import { Refusal } from '#foundation/kernel/refusal.ts'
import { presentHost, presentRule } from '#use-cases/administration/hosts/hosts.schema.ts'
import { changeHost, type NamedHost, readNamedHost } from '#use-cases/administration/hosts/hosts.service.ts'
import type { CliCommand } from '../../terminal/cli-command.ts'
import { CliFailure } from '../../terminal/failure.ts'
import { wholeNumberFlag } from '../../terminal/flag-values.ts'
import type { Working } from '../../terminal/invocation.ts'
import { type Column, counted, printTable } from '../../terminal/list.ts'
import { printable } from '../../terminal/output.ts'
import { ruleFromText, withGroupIds } from './host-flags.ts'
import { HOST_ARGUMENT, linesOf, ofHost } from './named-host.ts'
import { RULE_FORM } from './rule-text.ts'

/** A number is that of the list, from 1 on. */
interface RuleFlags {
  readonly at?: number
  readonly replace?: number
  readonly remove?: number
}

const readNumber = wholeNumberFlag(1, MOST_RULES)

export function addHostRule(host: CliCommand): void {
  host
    .command('rule')
    .description('list the rules of a protected host, or add, replace or remove one; the first that fits decides')
    .argument('<host>', HOST_ARGUMENT)
    .argument('[rule]', `the rule to add: ${RULE_FORM}`, ruleFromText)
    .option('--at <number>', 'add it before the rule with this number instead of behind the last one', readNumber)
    .option('--replace <number>', 'put it in place of the rule with this number', readNumber)
    .option('--remove <number>', 'remove the rule with this number', readNumber)
    .withExamples(
      'host rule wiki.example.org',
      'host rule wiki.example.org "/public everyone" --at 1',
      'host rule wiki.example.org "/admin roles admin" --replace 2',
      'host rule wiki.example.org --remove 2',
    )
    .action(ofHost(rule))
}

async function rule(
  working: Working,
  before: ProtectedHost,
  given: HostRule | undefined,
  flags: RuleFlags,
): Promise<void> {
  const { at, replace, remove } = flags
  requirePossible(before, given, flags)
  if (given === undefined && remove === undefined) return list(working, await readNamedHost(working.ctx, before.name))
  const { ctx, out } = working
  const added = given && (await withGroupIds(ctx, given))
  const [position, removed] = [
    remove ?? replace ?? at ?? before.rules.length + 1,
    (remove ?? replace) === undefined ? 0 : 1,
  ]
  const rules = before.rules.toSpliced(position - 1, removed, ...(added === undefined ? [] : [added]))
  // The numbers are those of the rules that were read: after another change they could mean other ones.
  const after = await changeHost(ctx, before.name, { rules }, ({ revision }) => {
    if (revision !== before.revision) throw new Refusal('resource.stale')
  })
  out.result(presentHost(after), `${doneBy(flags)} rule ${position} of ${printable(after.name)}`)
}

function doneBy({ replace, remove }: RuleFlags): string {
  if (remove !== undefined) return 'Removed'
  return replace === undefined ? 'Added' : 'Replaced'
}

/** Throws a `CliFailure` for flags that contradict each other, and for a number that no rule has. */
function requirePossible({ rules }: ProtectedHost, given: HostRule | undefined, flags: RuleFlags): void {
  const { at, replace, remove } = flags
  const numbers = [at, replace, remove].filter((number) => number !== undefined)
  if (numbers.length > 1) throw CliFailure.usage('Use one of --at, --replace and --remove')
  if (given === undefined && (at ?? replace) !== undefined)
    throw CliFailure.usage('Say the rule behind the host, such as "/public everyone"')
  if (given !== undefined && remove !== undefined) throw CliFailure.usage('Use --replace for another rule in its place')
  const [number = 0] = numbers
  if (number > rules.length) throw CliFailure.usage(`No rule ${number}; the host has ${counted(rules.length, 'rule')}`)
}

const COLUMNS: readonly Column<readonly [number: number, line: string]>[] = [
  { head: 'number', of: ([number]) => String(number) },
  { head: 'rule', of: ([, line]) => line },
]

function list({ out }: Pick<Working, 'out'>, named: NamedHost): void {
  const { host } = named
  if (out.form === 'json') {
    const items = host.rules.map((one, index) => ({ position: index + 1, ...presentRule(one) }))
    return out.json({ items, next_cursor: null })
  }
  printTable(
    out,
    COLUMNS,
    linesOf(named).map((line, index) => [index + 1, line]),
  )
  out.say(`${counted(host.rules.length, 'rule')} of ${printable(host.name)}; otherwise everyone who is signed in`)
}
